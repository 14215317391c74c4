/**
 * What a secret looks like: the shapes of well-known keys, and values that stand beside a name such as `API_KEY`.
 *
 * A text that is taken for a secret is hidden from models, and put back where they quote it, so that a wrong guess costs
 * little; yet hashes, ids, paths and the tokens of tokenizers are none.
 */

/**
 * Shapes that need no name beside them. All repetitions are bounded: a script can print a text for which the search
 * would else take hours.
 */
export const wellKnown: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'an Anthropic key', pattern: /\bsk-ant-[A-Za-z0-9_-]{10,1000}/ },
  { what: 'an OpenRouter key', pattern: /\bsk-or-[A-Za-z0-9_-]{10,1000}/ },
  { what: 'an OpenAI key', pattern: /\bsk-(?=[A-Za-z_-]{0,200}\d)[A-Za-z0-9_-]{16,1000}/ },
  { what: 'a GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{20,1000}|github_pat_[A-Za-z0-9_]{20,1000})/ },
  { what: 'a GitLab token', pattern: /\bglpat-[A-Za-z0-9_-]{16,1000}/ },
  { what: 'a Hugging Face token', pattern: /\bhf_[A-Za-z0-9]{16,1000}/ },
  { what: 'an AWS key', pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/ },
  { what: 'a Google key', pattern: /\bAIza[A-Za-z0-9_-]{30,1000}/ },
  { what: 'a Google token', pattern: /\bya29\.[A-Za-z0-9_-]{20,1000}/ },
  { what: 'a Groq key', pattern: /\bgsk_[A-Za-z0-9]{20,1000}/ },
  { what: 'an xAI key', pattern: /\bxai-[A-Za-z0-9]{20,1000}/ },
  { what: 'an NVIDIA key', pattern: /\bnvapi-[A-Za-z0-9_-]{20,1000}/ },
  { what: 'a Perplexity key', pattern: /\bpplx-[A-Za-z0-9]{20,1000}/ },
  { what: 'a Cerebras key', pattern: /\bcsk-[A-Za-z0-9]{20,1000}/ },
  { what: 'a Replicate token', pattern: /\br8_[A-Za-z0-9]{30,1000}/ },
  { what: 'a Weights & Biases key', pattern: /\bwandb_v1_[A-Za-z0-9_]{20,1000}/ },
  { what: 'a Databricks token', pattern: /\bdapi[0-9a-f]{32}\b/ },
  { what: 'an npm token', pattern: /\bnpm_[A-Za-z0-9]{30,1000}/ },
  { what: 'a Stripe key', pattern: /\b[rs]k_live_[A-Za-z0-9]{16,1000}/ },
  { what: 'a Slack token', pattern: /\bxox[abprs]-[A-Za-z0-9-]{10,1000}/ },
  {
    what: 'a JSON Web Token',
    pattern: /\beyJ[A-Za-z0-9_-]{10,1000}\.eyJ[A-Za-z0-9_-]{10,1000}\.[A-Za-z0-9_-]{10,1000}/,
  },
  { what: 'a bearer token', pattern: /\bBearer\s{1,4}[A-Za-z0-9._~+/-]{12,1000}={0,2}/i },
  {
    what: 'a private key',
    pattern: /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,20}PRIVATE KEY-----|$)/,
  },
];

/** The secrets in a text: values of one line each, in the order in which they stand, possibly more than once. */
export function secretsIn(text: string): readonly string[] {
  const shaped = wellKnown.flatMap(({ pattern }) =>
    [...text.matchAll(new RegExp(pattern, `${pattern.flags}g`))].flatMap(([found]) => secretLines(found)),
  );
  return [...shaped, ...namedSecretsIn(text), ...secretsOfLogins(text)];
}

/** The lines of a private key without its marks; the part of a bearer token after the word. */
function secretLines(found: string): readonly string[] {
  return found
    .replace(/-----(?:BEGIN|END) [A-Z ]*PRIVATE KEY-----/g, '')
    .replace(/^Bearer\s+/i, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Names whose values are secret, as the last word of a longer one; of the weak ones only by a value that shows it. */
const strong =
  'api[_-]?keys?|access[_-]?key(?:[_-]?id)?|secret[_-]?(?:access[_-]?)?keys?|secrets?|auth[_-]?token|access[_-]?token|private[_-]?key|passw(?:or)?d|passphrase|credentials?';
const weak = 'token|key|pwd|auth';
const strongName = new RegExp(`(?:${strong})$`, 'i');
/** A name, a sign that gives it a value, and the value, with or without quotes. */
const assignment = new RegExp(
  String.raw`(?:^|[^A-Za-z0-9])((?:[A-Za-z0-9]{1,40}[_.-]){0,6}(?:${strong}|${weak}))["'\])]{0,4}(?:\s{0,20}(?::\s{0,4}[A-Za-z]{1,40}\s{0,4})?[=:,]>?\s{0,20}|(?<=--[\w-]{1,60})[ \t]{1,4})(["']?)([^\s"'\x60,;(){}\[\]<>]{8,512})\2`,
  'gi',
);

function namedSecretsIn(text: string): readonly string[] {
  if (!/key|token|secret|passw|passphrase|credential|pwd|auth/i.test(text)) return [];
  return [...text.matchAll(assignment)].flatMap(([, name = '', quote, value = '']) => {
    const isLiteral = quote !== '' || /^[\w+/=~-]+$/.test(value);
    const isSecret = strongName.test(name) ? isUnlikeWords(value) : isRandom(value);
    return isLiteral && isSecret ? [value] : [];
  });
}

/** `https://user:password@host`, and the lines of a .netrc. */
function secretsOfLogins(text: string): readonly string[] {
  const urls = text.matchAll(/\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:@/"']{1,64}:([^\s@/"'{}$<>]{6,256})@/gi);
  const logins = text.matchAll(/\blogin\s{1,8}\S{1,128}\s{1,8}password\s{1,8}(\S{8,256})/g);
  return [...urls, ...logins].flatMap(([, value]) => value ?? []);
}

/** Of a strong name: anything but words, a path of words, or the name of a variable. */
function isUnlikeWords(value: string): boolean {
  if (/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(value)) return false;
  return value.split(/[^A-Za-z0-9]+/).some((part) => {
    const hasDigit = /\d/.test(part);
    if (/^\d+$/.test(part)) return part.length >= 6 && part.length < value.length;
    return (hasDigit && part.length >= 6) || (part.length >= 16 && /[a-z][A-Z]/.test(part));
  });
}

/** Of a weak name: letters and digits in turn, as no word, version or path has them. */
function isRandom(value: string): boolean {
  return value.split(/[^A-Za-z0-9]+/).some((part) => {
    const turns = part.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0;
    return part.length >= 16 && turns >= 3;
  });
}
