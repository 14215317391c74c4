/**
 * Remembers that a researcher's model or agent is away, so that nothing waits for it while something else can work.
 *
 * Where there is a stand-in, a request while it is away is answered at once, and the model is probed beside the work of
 * the stand-in by a small call; one that is answered brings it back for the next proposal. Where there is none, the next
 * request after the wait is the probe. All of it is forgotten with the session: who proposed is in the journal, and the
 * first call of the next session finds out anew who can be asked.
 */
import type { ModelFault } from '../../ports/model.ts';
import type { AwayReply, FirstCall, ProposalRequest, Researcher, SmallCall } from '../../ports/researcher.ts';
import type { Clock } from '../models/clock.ts';

export type AbsenceNews =
  | { readonly kind: 'away'; readonly reply: AwayReply; readonly askedInSeconds: number }
  | { readonly kind: 'back'; readonly model: string; readonly awaySeconds: number };

/** One small call of the model or agent: without a fault it can be asked. */
export type Probe = (
  signal: AbortSignal,
) => Promise<{ readonly fault?: ModelFault; readonly called: readonly SmallCall[] }>;

export interface AbsenceOptions {
  /** The model or agent as the brief names it. */
  readonly model: string;
  readonly clock: Clock;
  /** Whether something else proposes while this researcher is away. */
  readonly hasStandIn: boolean;
  /** Absent for what no small call can ask: then a request is the probe. */
  readonly probe?: Probe | undefined;
  /** What the owner can set against a fault that no wait ends. */
  readonly remedyFor?: ((fault: ModelFault) => string | undefined) | undefined;
  /** Aborted when the session ends; a probe ends with it. */
  readonly ending: AbortSignal;
  /** Must not throw. */
  readonly tell?: ((news: AbsenceNews) => void) | undefined;
}

interface Away {
  readonly reply: AwayReply;
  readonly since: number;
  readonly askAt: number;
  readonly isProbed: boolean;
}

/** The same researcher, which is not asked while it is away. */
export function withAbsence(researcher: Researcher, options: AbsenceOptions): Researcher {
  const { model, clock, hasStandIn, probe, remedyFor, ending, tell = () => undefined } = options;
  let away: Away | undefined;
  /** Since the last proposal: times that a request found it away, and times that a probe did. */
  let relapses = 0;
  let probes = 0;
  /** What a probe threw: a bug, or a journal that cannot be written. The next request throws it. */
  let broken: { readonly error: unknown } | undefined;

  const goAway = (fault: ModelFault, isTold = true): AwayReply => {
    const remedy = remedyFor?.(fault);
    const reply: AwayReply = { kind: 'away', model, fault, ...(remedy === undefined ? {} : { remedy }) };
    const wait = hasStandIn ? waitBesideWork(fault, relapses, probes) : waitAlone(fault);
    if (away === undefined && isTold) tell({ kind: 'away', reply, askedInSeconds: wait / 1000 });
    away = { reply, since: away?.since ?? clock.now(), askAt: clock.now() + wait, isProbed: false };
    return told(away);
  };
  const comeBack = (): void => {
    if (away) tell({ kind: 'back', model, awaySeconds: (clock.now() - away.since) / 1000 });
    away = undefined;
  };
  const told = ({ reply, askAt, isProbed }: Away): AwayReply => {
    const retryAfterSeconds = isProbed ? 0 : Math.max(0, (askAt - clock.now()) / 1000);
    return { ...reply, fault: { ...reply.fault, retryAfterSeconds } };
  };
  const probeBeside = async (ask: Probe, request: ProposalRequest, before: ModelFault): Promise<void> => {
    const { fault, called } = await ask(ending);
    if (ending.aborted) return;
    for (const call of called) await request.record?.(entryOf(request, call));
    if (fault === undefined) return comeBack();
    probes += 1;
    goAway(fault.code === 'aborted' ? before : fault);
  };

  return {
    name: researcher.name,
    propose: async (request, signal) => {
      if (broken) throw broken.error;
      if (away && (away.isProbed || away.askAt > clock.now())) return told(away);
      if (away && hasStandIn && probe) {
        away = { ...away, isProbed: true };
        void probeBeside(probe, request, away.reply.fault).catch((error: unknown) => {
          // Once the session has ended, nothing can be journalled any more.
          if (!ending.aborted) broken = { error };
        });
        return told(away);
      }
      const reply = await researcher.propose(request, signal);
      if (reply.kind === 'away') {
        if (reply.fault.code === 'aborted') return reply;
        relapses += 1;
        return goAway(reply.fault);
      }
      if (reply.kind === 'proposal') [relapses, probes] = [0, 0];
      comeBack();
      return reply;
    },
    ...(probe && { firstCall: (signal) => callFirst(probe, signal) }),
  };

  async function callFirst(ask: Probe, signal: AbortSignal): Promise<FirstCall> {
    const { fault, called } = await ask(signal);
    if (fault === undefined || fault.code === 'aborted') return { model, called };
    const remedy = remedyFor?.(fault);
    if (remedy === undefined) return { model, called, away: { kind: 'away', model, fault } };
    // What only the owner can mend is not asked again in front of a run; the caller says so.
    return { model, called, away: hasStandIn ? goAway(fault, false) : { kind: 'away', model, fault, remedy } };
  }
}

function entryOf({ experiment, attempt }: ProposalRequest, call: SmallCall) {
  return { event: 'model-called' as const, experiment, attempt, purpose: 'probe' as const, ...call };
}

const minuteMs = 60_000;
/** What only the owner or a reset ends is asked this often. */
const pauseMs = 15 * minuteMs;
/** A provider that asks for hours is still asked this often: the owner may have raised a limit meanwhile. */
const maxWaitMs = 60 * minuteMs;

/**
 * Milliseconds until the next question. What passes with time is asked after a minute, then after two, four … fifteen.
 * A model that answers probes and fails at proposals is asked less and less, so that it costs little of the night.
 */
function waitBesideWork({ action, retryAfterSeconds = 0 }: ModelFault, relapses: number, probes: number): number {
  const asked = retryAfterSeconds * 1000;
  const base = action === 'pause' ? pauseMs : Math.min(pauseMs, minuteMs * 2 ** Math.min(probes, 10));
  return Math.min(maxWaitMs, Math.max(asked, base * 2 ** Math.min(Math.max(0, relapses - 1), 10)));
}

/** The same where nothing else works: the model's own patience has been spent already, so what passes is asked at once. */
function waitAlone({ action, retryAfterSeconds = 0 }: ModelFault): number {
  return Math.min(maxWaitMs, Math.max(action === 'pause' ? pauseMs : 0, retryAfterSeconds * 1000));
}
