/**
 * One call to a provider: whatever the SDK throws becomes a fault, and an aborted signal ends the call at once.
 *
 * The SDKs' own timeouts stop counting when the headers are there (measured: a stalled body hangs for ever), so the
 * signal is enforced here.
 */
import type { ModelFault, ModelReply, ModelRequest } from '../../ports/model.ts';
import type { Redact } from '../redact.ts';
import { readFailure } from './failure.ts';
import { aborted, classifyFailure } from './faults.ts';
import { untilAborted } from './until-aborted.ts';
import { bytesOf } from './watch-stream.ts';

export interface Attempt {
  readonly call: (signal: AbortSignal) => Promise<unknown>;
  /** Reads what came, which may be anything: a gateway's HTML page, an empty object, nothing. */
  readonly read: (raw: unknown) => ModelReply;
  readonly redact: Redact;
  readonly onProgress: ModelRequest['onProgress'];
}

/** The message of fetch, and of our own readers of streams, for a body that ends too soon. */
const cutBody = 'terminated';

/** Makes one call; whatever the provider or the network does, it resolves, to an answer or a fault. */
export async function attempt({ call, read, redact, onProgress }: Attempt, signal: AbortSignal): Promise<ModelReply> {
  if (signal.aborted) return aborted;
  let raw: unknown;
  try {
    // A new signal for each call: the SDKs never remove the listener that they add, and `signal` may live all night.
    raw = await untilAborted(call(AbortSignal.any([signal])), signal);
  } catch (error) {
    if (signal.aborted) return aborted;
    const failure = readFailure(error, Date.now());
    // The body of an answer broke off: the provider was at work on it.
    if (failure.words.includes(cutBody)) onProgress?.({ bytes: 0 });
    return redacted(classifyFailure(failure), redact);
  }
  const reply = read(raw);
  if (reply.usage === undefined && isBilled(reply)) onProgress?.({ bytes: bytesOf(raw) });
  return reply.kind === 'fault' ? redacted(reply, redact) : reply;
}

/** Whether a reply arrived whole, so that the provider bills it, whatever it is good for. */
function isBilled(reply: ModelReply): boolean {
  return reply.kind === 'answer' || ['truncated', 'empty', 'refused'].includes(reply.code);
}

function redacted(fault: ModelFault, redact: Redact): ModelFault {
  return { ...fault, message: redact(fault.message) };
}
