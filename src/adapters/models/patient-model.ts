/**
 * The one place that retries model calls. Each call has one deadline for all its attempts and waits, the reading of
 * replies included.
 *
 * A `wait` fault is retried until the deadline, with full jitter and no sooner than the provider asks. A `pause` fault,
 * which only the owner or a reset ends (no credit, a revoked key), is returned at once; from then on calls return it
 * without being made, but for one probe every fifteen minutes. Other faults are returned as they are.
 */
import type { Model, ModelFault, ModelReply, ModelRequest } from '../../ports/model.ts';
import type { Clock } from './clock.ts';
import { untilAborted } from './until-aborted.ts';

export type ModelNews =
  | { readonly kind: 'model-waiting'; readonly fault: ModelFault; readonly seconds: number }
  | { readonly kind: 'model-away'; readonly fault: ModelFault }
  | { readonly kind: 'model-back'; readonly awaySeconds: number };

export interface PatientOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Limit of one call, all its attempts and waits included; ten minutes when left out. */
  readonly deadlineSeconds?: number;
  /** Called when an attempt is to be repeated, when the model goes away and when it comes back; must not throw. */
  readonly tell?: (news: ModelNews) => void;
}

const minuteMs = 60_000;
/** The time from one probe of a paused model to the next. */
const probeEveryMs = 15 * minuteMs;
/** Limit of the wait between two attempts, when the provider does not ask for a longer one. */
const maxBackoffMs = 5 * minuteMs;
/** A provider that asks for a longer wait than this is paused. */
const maxRetryAfterMs = 15 * minuteMs;
/** A provider that asks for hours is still probed this often: the owner may have raised a limit meanwhile. */
const maxPauseMs = 60 * minuteMs;

interface Pause {
  readonly fault: ModelFault;
  readonly probeAt: number;
}

export function createPatientModel(model: Model, options: PatientOptions): Model {
  const { clock, random, deadlineSeconds = 600, tell = () => undefined } = options;
  let pause: Pause | undefined;
  let awaySince: number | undefined;

  const goAway = (fault: ModelFault): ModelFault => {
    if (awaySince === undefined) tell({ kind: 'model-away', fault });
    awaySince ??= clock.now();
    return fault;
  };
  const startPause = (fault: ModelFault, milliseconds: number): ModelFault => {
    pause = { fault: { ...fault, action: 'pause' }, probeAt: clock.now() + milliseconds };
    return goAway({ ...pause.fault, retryAfterSeconds: milliseconds / 1000 });
  };
  const comeBack = (): void => {
    if (awaySince !== undefined) tell({ kind: 'model-back', awaySeconds: (clock.now() - awaySince) / 1000 });
    pause = undefined;
    awaySince = undefined;
  };

  /** The fault to return while the model is paused; undefined when this call is the probe, or nothing is paused. */
  const pauseFault = (): ModelFault | undefined => {
    if (pause === undefined) return undefined;
    const left = pause.probeAt - clock.now();
    if (left > 0) return { ...pause.fault, retryAfterSeconds: left / 1000 };
    pause = { ...pause, probeAt: clock.now() + probeEveryMs };
    return undefined;
  };

  const persist = async (request: ModelRequest, signal: AbortSignal, deadline: AbortSignal): Promise<ModelReply> => {
    const ending = AbortSignal.any([signal, deadline]);
    const endsAt = clock.now() + deadlineSeconds * 1000;
    let last: ModelFault | undefined;
    for (let tries = 0; ; tries += 1) {
      const reply = await completeUntil(model, request, ending);
      if (signal.aborted && reply.kind === 'fault') return aborted;
      if (deadline.aborted && reply.kind === 'fault') return goAway(last ?? timedOut(deadlineSeconds));
      if (reply.kind === 'answer') {
        comeBack();
        return reply;
      }
      switch (reply.action) {
        case 'repair':
          comeBack();
          return reply;
        case 'stop':
          return reply;
        case 'pause':
          return startPause(reply, within(probeEveryMs, (reply.retryAfterSeconds ?? 0) * 1000, maxPauseMs));
        case 'wait':
          break;
        default:
          return reply.action satisfies never;
      }
      last = reply;
      const left = Math.max(0, endsAt - clock.now());
      const asked = (reply.retryAfterSeconds ?? 0) * 1000;
      if (asked > maxRetryAfterMs) return startPause(reply, within(probeEveryMs, asked, maxPauseMs));
      if (asked > left) return startPause(reply, asked);
      const milliseconds = waitFor(tries, asked, random);
      if (milliseconds >= left) return goAway(reply);
      tell({ kind: 'model-waiting', fault: reply, seconds: milliseconds / 1000 });
      await clock.sleep(milliseconds, ending);
    }
  };

  return {
    name: model.name,
    complete: async (request, signal) => {
      if (signal.aborted) return aborted;
      const fault = pauseFault();
      if (fault !== undefined) return fault;
      const deadline = new AbortController();
      const done = new AbortController();
      void clock.sleep(deadlineSeconds * 1000, done.signal).then(() => deadline.abort());
      return await persist(request, signal, deadline.signal).finally(() => done.abort());
    },
  };
}

/** One call that ends with the signal, also when the model does not obey it. */
async function completeUntil(model: Model, request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
  if (signal.aborted) return aborted;
  return await untilAborted(model.complete(request, signal), signal).catch((error: unknown) => {
    if (signal.aborted) return aborted;
    throw error;
  });
}

/**
 * Milliseconds until the next attempt: random below 1, 2, 4 … seconds; or, when the provider asks for a wait, that wait
 * and up to a second more, so that its clients do not all come back at once.
 */
function waitFor(tries: number, asked: number, random: () => number): number {
  const jittered = random() * Math.min(maxBackoffMs, 1000 * 2 ** tries);
  return asked > 0 ? asked + Math.min(jittered, 1000) : jittered;
}

function within(low: number, value: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

const aborted: ModelFault = { kind: 'fault', action: 'wait', code: 'aborted', message: 'The call was ended early.' };

function timedOut(seconds: number): ModelFault {
  return {
    kind: 'fault',
    action: 'wait',
    code: 'timed-out',
    message: `There was no whole answer within ${seconds} s.`,
  };
}
