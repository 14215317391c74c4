/**
 * The whole number-like token at a place in a text, and the number that it is.
 *
 * A number is never a part of a longer token: `9.5e-05` and `-0.52` are read whole; `1,234`, `12abc`, `0:01:23` and
 * `3/10` are no numbers. A percent sign is a unit: `91.2%` is 91.2. What numpy, torch, JAX and TensorFlow print around a
 * scalar (`np.float64(0.54)`, `tensor(2.31, device='cuda:0')`) is taken off, and so is a spread behind it (`0.31 ± 0.02`).
 */
import { matchAt } from '../base/literal-pattern.ts';
import { type PrintedNumber, parseStrictNumber } from '../base/strict-number.ts';

export interface Token {
  /** As it stands in the text. */
  readonly text: string;
  /** Where it ends. */
  readonly end: number;
  /** Undefined for a token that is not plainly one finite number. */
  readonly number?: PrintedNumber | undefined;
}

const wrapper =
  /(?:[A-Za-z_]\w{0,20}\.){0,3}(?:float|float16|float32|float64|float128|longdouble|bfloat16|u?int(?:8|16|32|64)?|[Tt]ensor|EagerTensor|array|Array|ArrayImpl|DeviceArray|Variable|Parameter|Decimal)\(\s*(?:\[\s*)?|<tf\.(?:Tensor|Variable)[^>\n]*?numpy=/y;
const wrapperEnd = /(?:\s*\])?(?:\s*,[^()\n]*(?:\([^()\n]*\)[^()\n]*)*)?\s*[)>]?/y;
/** `/` and `:` count where a digit follows, and a comma too: `3/10`, `0:01:23`, `1,234`; old C libraries print nan as `1.#QNAN`. */
const run = /(?:[\p{L}\p{N}_.+\-−'’]|[,:/](?=\p{N})|(?<=\.)#)+%?/uy;
/** No number is longer, and no longer token is looked at: a script may print a megabyte without a blank. */
const maxCharacters = 100;
const spread = /\s*(?:±|\+\/?-)\s*\d[\d.eE+-]*/y;
const groupedByBlanks = /[ \u00a0\u202f]\d{3}(?![\p{L}\p{N}_.:/%])/uy;

/** The token at this place, behind blanks; empty where the line ends or something else than a token stands there. */
export function tokenAt(text: string, at: number): Token {
  const start = at + (matchAt(/[^\S\n]*/y, text, at)?.length ?? 0);
  const quote = matchAt(/['"]/y, text, start) ?? '';
  const opened = matchAt(wrapper, text, start + quote.length) ?? '';
  const inner = numberAt(text, start + quote.length + opened.length);
  const closed = opened === '' ? '' : (matchAt(wrapperEnd, text, inner.end) ?? '');
  const end = inner.end + closed.length;
  const endQuote = quote !== '' && text[end] === quote ? quote : '';
  return { text: text.slice(start, end + endQuote.length), end: end + endQuote.length, number: inner.number };
}

function numberAt(text: string, start: number): Token {
  const found = matchAt(run, text, start) ?? '';
  if (found.length > maxCharacters) return { text: found.slice(0, maxCharacters), end: start + found.length };
  const [whole = '', first] = /^(\d[\d.]*(?:[eE][-+]?\d+)?)\+\d[\d.]*(?:[eE][-+]?\d+)?$/.exec(found) ?? [];
  // XGBoost's cross-validation prints a mean and its spread as `0.31+0.02`.
  const plain = first === undefined ? withoutStop(found) : whole;
  const number = parseStrictNumber((first ?? plain).replace('−', '-').replace(/%$/, ''));
  const end = start + plain.length;
  if (number === undefined) return { text: plain, end };
  const group = /^[+-]?\d{1,3}$/.test(plain) ? matchAt(groupedByBlanks, text, end) : undefined;
  if (group !== undefined) return { text: plain + group, end: end + group.length };
  return { text: plain, end: end + (matchAt(spread, text, end)?.length ?? 0), number };
}

/** A full stop or an apostrophe at the end of a token belongs to the sentence, unless it ends a number such as `5.`. */
function withoutStop(token: string): string {
  return token.replace(/['’.]+$/u, '');
}
