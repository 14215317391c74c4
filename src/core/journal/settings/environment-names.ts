/**
 * Names under `env:`. A run executes code that a model wrote, so a name that looks like that of a key is refused.
 */
import { type ReadResult, read, refuse } from '../../base/read-result.ts';

const keyWords = new Set(
  'KEY KEYS TOKEN PAT SECRET SECRETS PASSWORD PASSWD PASSPHRASE CREDENTIAL CREDENTIALS'.split(' '),
);
const keyParts = /APIKEY|ACCESSKEY|SECRET|PASSW|CREDENTIAL|TOKEN$/;

/** Reads the name of an environment variable that runs may see. */
export function readEnvironmentName(raw: unknown): ReadResult<string> {
  if (typeof raw !== 'string' || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(raw)) {
    return refuse('the name of an environment variable such as HF_HOME');
  }
  const upper = raw.toUpperCase();
  if (keyParts.test(upper) || upper.split('_').some((word) => keyWords.has(word))) {
    return refuse('no key or password, because a run never sees one');
  }
  return read(raw);
}
