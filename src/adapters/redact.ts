/**
 * Takes secrets out of a text: the exact values that the environment holds, and whatever looks like a well-known key.
 *
 * The last check before a message, a log line or a diff leaves the program; no key should get that far.
 */

import { wellKnown } from '../core/base/secret-patterns.ts';
import { minSecretCharacters } from '../core/base/secrets.ts';

/** Names of variables whose values are secrets. */
const secretName = /KEY|TOKEN|SECRET|PASSW(OR)?D|CREDENTIAL|WEBHOOK|^NTFY_URL$/i;

export type Redact = (text: string) => string;

/** A redactor for everything secret in this environment, and for further values such as a key read from a file. */
export function createRedactor(
  environment: Readonly<Record<string, string | undefined>>,
  further: readonly string[] = [],
): Redact {
  const values = secretValues(environment, further);
  return (text) => redactPatterns(values.reduce((left, value) => left.replaceAll(value, '[redacted]'), text));
}

/** What kind of secret a text holds, such as `an OpenAI key`, never the secret itself; undefined when none is found. */
export function findSecret(text: string, values: readonly string[] = []): string | undefined {
  if (values.some((value) => value.length >= minSecretCharacters && text.includes(value)))
    return 'a value of a key variable';
  return wellKnown.find(({ pattern }) => pattern.test(text))?.what;
}

/** The secret values of an environment, the longest first, so that one inside another does not leave the rest of it. */
export function secretValues(
  environment: Readonly<Record<string, string | undefined>>,
  further: readonly string[] = [],
): readonly string[] {
  const named = Object.entries(environment)
    .filter(([name]) => secretName.test(name) && !name.endsWith('_FILE'))
    .map(([, value]) => value?.trim() ?? '');
  const values = [...named, ...further].filter((value) => value.length >= minSecretCharacters);
  return [...new Set(values)].sort((a, b) => b.length - a.length);
}

function redactPatterns(text: string): string {
  return wellKnown.reduce(
    (left, { pattern }) => left.replace(new RegExp(pattern, `${pattern.flags}g`), '[redacted]'),
    text,
  );
}
