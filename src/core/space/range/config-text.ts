/**
 * A value as YAML, JSON or TOML: such that Python's loaders of the format read the same value back, in the style of the
 * text that it replaces.
 */
import { singleQuoted } from '../../base/yaml-text.ts';
import type { Knob, KnobValue } from '../knob.ts';

/** The text to write for a value of a knob in a configuration file; the file's name says which format that is. */
export function formatConfigValue(
  { file, type, text }: Pick<Knob, 'file' | 'type' | 'text'>,
  value: KnobValue,
): string {
  const isYaml = /\.ya?ml$/i.test(file);
  if (typeof value === 'boolean') return isYaml ? yamlBoolean(text, value) : String(value);
  if (typeof value === 'string') return isYaml ? yamlText(text, value) : quotedText(text, value, file);
  if (typeof value === 'object') return `[${value.map(String).join(', ')}]`;
  if (type === 'int') return wholeNumber(text, value);
  const decimal = decimalNumber(text, value);
  return isYaml ? forPyYaml(decimal) : decimal;
}

/** Groups digits by threes where the old number was written so; a hexadecimal or binary number becomes a decimal one. */
function wholeNumber(text: string, value: number): string {
  const isGrouped = /^[-+]?[\d_]+$/.test(text) && text.includes('_');
  return isGrouped ? String(value).replace(/\B(?=(?:\d{3})+$)/g, '_') : String(value);
}

/** Always recognisable as a float; a small or large one with an exponent where the old number had one. */
function decimalNumber(text: string, value: number): string {
  const [mark] = /[eE]/.exec(text) ?? [];
  const size = Math.abs(value);
  const isExtreme = size !== 0 && (size < 0.01 || size >= 10_000);
  const written = mark !== undefined && isExtreme ? value.toExponential().replace('e+', 'e') : String(value);
  return (/[.e]/.test(written) ? written : `${written}.0`).replace('e', mark ?? 'e');
}

/** PyYAML reads a number with an exponent as a text unless there is a point before and a sign behind the `e`. */
function forPyYaml(written: string): string {
  const [, digits, mark, exponent] = /^(.*)([eE])(.*)$/.exec(written) ?? [];
  if (digits === undefined || mark === undefined || exponent === undefined) return written;
  return `${digits.includes('.') ? digits : `${digits}.0`}${mark}${/^[-+]/.test(exponent) ? exponent : `+${exponent}`}`;
}

const opposites: Readonly<Record<string, string>> = { true: 'false', yes: 'no', on: 'off' };

/** In the old value's words and capitals: `no` for `yes`, `False` for `True`. */
function yamlBoolean(text: string, value: boolean): string {
  const word = text.toLowerCase();
  const [yes, no] = Object.entries(opposites).find((pair) => pair.includes(word)) ?? ['true', 'false'];
  const written = value ? yes : no;
  if (/^[A-Z]+$/.test(text)) return written.toUpperCase();
  return /^[A-Z]/.test(text) ? written.charAt(0).toUpperCase() + written.slice(1) : written;
}

const reserved = /^(?:true|false|yes|no|on|off|null|y|n|nan|inf|infinity)$/i;

/** Plain where the old text was and no loader can take it for something else. */
function yamlText(text: string, value: string): string {
  const wasPlain = !/^["']/.test(text);
  if (wasPlain && /^[A-Za-z][\w./-]*$/.test(value) && !reserved.test(value)) return value;
  if (text.startsWith("'") && /^[^\p{C}\u2028\u2029]*$/u.test(value)) return singleQuoted(value);
  return quoted(value);
}

/** TOML has texts in single quotes too; JSON has not, and JSON5 may. */
function quotedText(text: string, value: string, file: string): string {
  const isSingle = text.startsWith("'") && !/\.json$/i.test(file) && /^[^'\\\p{C}\u2028\u2029]*$/u.test(value);
  return isSingle ? `'${value}'` : quoted(value);
}

/** In double quotes, with the escapes that all three formats share. */
function quoted(value: string): string {
  const escaped = (mark: string) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, escaped);
}
