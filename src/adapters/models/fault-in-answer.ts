/**
 * The fault for an answer with the status 200 that is no reply: the error that its body tells, in whatever shape, or the
 * sentence that it was not understood.
 */
import type { ModelFault } from '../../ports/model.ts';
import { notUnderstood } from './classify-reply.ts';
import { readBodyFailure } from './failure.ts';
import { classifyFailure, oneLine } from './faults.ts';

/** A fault with the provider's own words, where there are any. */
export function faultInAnswer(raw: unknown): ModelFault {
  if (!tellsError(raw)) return notUnderstood(raw);
  const failure = readBodyFailure(raw);
  const fault = classifyFailure(failure);
  // The words are the server's own, so that it is one, whatever they say.
  if (fault.code !== 'invalid-body') return fault;
  return {
    ...fault,
    code: 'server-error',
    message: `The provider answered with an error: ${oneLine(failure.message)}`,
  };
}

/** Whether a body has a key that only errors have: `error`, FastAPI's `detail`, or a message beside no reply. */
function tellsError(raw: unknown): boolean {
  const first: unknown = Array.isArray(raw) ? raw[0] : raw;
  if (typeof first !== 'object' || first === null) return false;
  const { error, detail, message, choices, output, content } = first as Readonly<Record<string, unknown>>;
  return Boolean(error) || Boolean(detail) || (Boolean(message) && !choices && !output && !content);
}
