/**
 * Whether a variable looks like a secret, by its name or by its value.
 */
import { findSecret } from '../redact.ts';

/** Words of a name, such as those of `WANDB_API_KEY`, `HF_TOKEN`, `apikey`; `TOKENIZERS_PARALLELISM` has none. */
const secretWord =
  /^(AUTH|JWT|PASS|PAT|PWD)$|(KEYS?|TOKENS?|SECRETS?|PASSWORDS?|PASSWD|PASSPHRASE|CREDENTIALS?|COOKIES?)$/i;

/** `https://user:password@host`; a user alone may be a token, as in `https://ghp_x@host`. */
const urlWithUser = /[a-z][a-z0-9+.-]*:\/\/[^/\s@]+@/i;

/** True for what may not reach training code unless the owner names it. */
export function isSecret(name: string, value: string): boolean {
  const isNamedSo = name.split('_').some((word) => secretWord.test(word));
  return isNamedSo || urlWithUser.test(value) || findSecret(value) !== undefined;
}
