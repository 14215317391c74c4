/**
 * The one place that retries model calls.
 *
 * A `wait` fault is retried for as long as the owner's patience lasts, with full jitter and no sooner than the provider
 * asks. Any other fault is returned as it is. An attempt that shows no sign of life is ended; one whose reply is still
 * coming in never is.
 */
import type { Model, ModelFault, ModelReply, ModelRequest, ReplyProgress } from '../../ports/model.ts';
import type { Clock } from './clock.ts';
import { aborted } from './faults.ts';
import { untilAborted } from './until-aborted.ts';

/** What is told of a call: an attempt is to be repeated. */
export interface ModelWaiting {
  readonly kind: 'model-waiting';
  readonly fault: ModelFault;
  readonly seconds: number;
}

/** In seconds. */
export interface Patience {
  /** How long a call goes on with attempts that fail, and the waits between them. */
  readonly attempts: number;
  /** The same, where the provider says how long to wait. */
  readonly named: number;
  /** How long an attempt may go without a first sign of life, and without any further one. */
  readonly firstSign: number;
  readonly silence: number;
}

/** Where nothing else proposes meanwhile, a model is waited for. */
export const alonePatience: Patience = { attempts: 600, named: 600, firstSign: 600, silence: 600 };

/**
 * Where a stand-in could work: each second of waiting is one without a training. A minute is waited where the provider
 * asks for it, because a limit of calls a minute is no absence. Node gives up after 300 s without a header anyway.
 */
export const standInPatience: Patience = { attempts: 20, named: 60, firstSign: 300, silence: 600 };

export interface PatientOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly patience?: Patience;
  /** Called when an attempt is to be repeated; must not throw. */
  readonly tell?: (news: ModelWaiting) => void;
}

/** Limit of the wait between two attempts, when the provider does not ask for a longer one. */
const maxBackoffMs = 5 * 60_000;

export function createPatientModel(model: Model, options: PatientOptions): Model {
  const { clock, random, patience = alonePatience, tell = () => undefined } = options;

  const attempt = async (request: ModelRequest, signal: AbortSignal): Promise<ModelReply> => {
    const quiet = new AbortController();
    const done = new AbortController();
    const signs = { last: clock.now(), limit: patience.firstSign };
    const onProgress = (progress: ReplyProgress): void => {
      signs.last = clock.now();
      signs.limit = patience.silence;
      request.onProgress?.(progress);
    };
    void endWhenSilent(clock, signs, done.signal).then((isSilent) => isSilent && quiet.abort());
    try {
      const reply = await completeUntil(model, { ...request, onProgress }, AbortSignal.any([signal, quiet.signal]));
      if (signal.aborted && reply.kind === 'fault') return aborted;
      return quiet.signal.aborted && reply.kind === 'fault' ? silent(signs.limit) : reply;
    } finally {
      done.abort();
    }
  };

  return {
    name: model.name,
    complete: async (request, signal) => {
      const begun = clock.now();
      for (let tries = 0; ; tries += 1) {
        if (signal.aborted) return aborted;
        const reply = await attempt(request, signal);
        if (reply.kind === 'answer' || reply.action !== 'wait' || reply.code === 'aborted') return reply;
        const asked = (reply.retryAfterSeconds ?? 0) * 1000;
        const limit = asked > 0 ? patience.named : patience.attempts;
        const milliseconds = waitFor(tries, asked, random);
        if (clock.now() + milliseconds >= begun + limit * 1000) return reply;
        tell({ kind: 'model-waiting', fault: reply, seconds: milliseconds / 1000 });
        await clock.sleep(milliseconds, signal);
      }
    },
  };
}

/** Resolves with true as soon as the last sign of life is too long ago, with false when the attempt is over before. */
async function endWhenSilent(
  clock: Clock,
  signs: { readonly last: number; readonly limit: number },
  done: AbortSignal,
): Promise<boolean> {
  for (;;) {
    const left = signs.last + signs.limit * 1000 - clock.now();
    if (left <= 0) return true;
    await clock.sleep(left, done);
    if (done.aborted) return false;
  }
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

function silent(seconds: number): ModelFault {
  return {
    kind: 'fault',
    action: 'wait',
    code: 'timed-out',
    message: `The provider sent nothing for ${seconds} s.`,
  };
}
