/**
 * The one place that tries again. Each call has one deadline over all its attempts and waits, bodies included.
 *
 * A fault to wait for is tried again, with full jitter and as the provider asks, until the deadline. A fault that only a
 * person or a reset ends (no credit, a revoked key) comes back at once, and from then on calls come back without being
 * made, but for one probe every fifteen minutes. Every other fault passes through.
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
  /** For one call with everything in it; ten minutes when left out. */
  readonly deadlineSeconds?: number;
  /** Hears when the model goes away and comes back; must not throw. */
  readonly tell?: (news: ModelNews) => void;
}

const minute = 60_000;
const probeEvery = 15 * minute;
const longestBackoff = 5 * minute;
const longestRetryAfter = 15 * minute;
/** A provider that asks for hours is still probed now and then: its owner may have raised a limit meanwhile. */
const longestPause = 60 * minute;

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

  /** The fault of a model that is paused, or undefined when this call is the probe. */
  const heldBack = (): ModelFault | undefined => {
    if (pause === undefined) return undefined;
    const left = pause.probeAt - clock.now();
    if (left > 0) return { ...pause.fault, retryAfterSeconds: left / 1000 };
    pause = { ...pause, probeAt: clock.now() + probeEvery };
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
          return startPause(reply, within(probeEvery, (reply.retryAfterSeconds ?? 0) * 1000, longestPause));
        case 'wait':
          break;
        default:
          return reply.action satisfies never;
      }
      last = reply;
      const left = Math.max(0, endsAt - clock.now());
      const asked = (reply.retryAfterSeconds ?? 0) * 1000;
      if (asked > longestRetryAfter) return startPause(reply, within(probeEvery, asked, longestPause));
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
      const held = heldBack();
      if (held !== undefined) return held;
      const deadline = new AbortController();
      const done = new AbortController();
      void clock.sleep(deadlineSeconds * 1000, done.signal).then(() => deadline.abort());
      return await persist(request, signal, deadline.signal).finally(() => done.abort());
    },
  };
}

/** A model is trusted to heed the signal, and left behind when it does not. */
async function completeUntil(model: Model, request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
  if (signal.aborted) return aborted;
  return await untilAborted(model.complete(request, signal), signal).catch((error: unknown) => {
    if (signal.aborted) return aborted;
    throw error;
  });
}

/** Full jitter below one, two, four … seconds; never sooner than the provider asks, nor at the very moment. */
function waitFor(tries: number, asked: number, random: () => number): number {
  const jittered = random() * Math.min(longestBackoff, 1000 * 2 ** tries);
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
