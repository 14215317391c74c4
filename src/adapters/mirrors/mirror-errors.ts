/**
 * Turns every failure of a mirror into a MirrorError: one sentence that names the mirror, without its password.
 */
import { MirrorError, ResearchError } from '../../core/base/errors.ts';

/** Length of a failure's reason in characters. */
const maxReasonCharacters = 400;

/** Does `act`; what it throws becomes a MirrorError. */
export async function withMirrorErrors<Result>(
  name: string,
  signal: AbortSignal,
  act: () => Promise<Result>,
): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (signal.aborted) throw new MirrorError(`${name}: it did not answer in time`, { cause: error });
    const hint = error instanceof ResearchError ? error.hint : undefined;
    throw new MirrorError(`${name}: ${reasonOf(error)}`, { ...(hint === undefined ? {} : { hint }), cause: error });
  }
}

const codes: Readonly<Record<string, string>> = {
  ENOENT: 'the folder is not there',
  ENOTDIR: 'a file is in its place',
  EACCES: 'it may not be written or read',
  EPERM: 'it may not be written or read',
  EROFS: 'it is read-only',
  ENOSPC: 'it is full',
  EDQUOT: 'its quota is used up',
};

function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return codes[code] ?? withoutPasswords(message).replace(/\s+/g, ' ').slice(0, maxReasonCharacters);
}

/** `https://user:token@host` as `https://host`. */
export function withoutPasswords(text: string): string {
  return text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^/\s@]*@/gi, '$1');
}
