/**
 * A knob's value as source: of Python, or of the configuration file that it is in.
 */
import type { Knob, KnobValue } from '../knob.ts';
import { formatConfigValue } from './config-text.ts';
import { setItems } from './tuple-text.ts';

/**
 * The literal to write for a value, in the style of the one it replaces: `2**19` stays a power, a float keeps its
 * point.
 */
export function formatKnobValue(knob: Knob, value: KnobValue): string {
  if (knob.form === 'config' || knob.form === 'declared') return formatConfigValue(knob, value);
  if (typeof value === 'boolean') return formatBoolean(knob, value);
  if (typeof value === 'string') return formatString(knob.text, value);
  if (typeof value !== 'number') return setItems(knob, value, formatItem);
  if (knob.type === 'float') return formatFloat(value);
  return formatWhole(knob.text, value);
}

/** Behind `"store_true"` of argparse or `is_flag=True` of click, which are off without a default, the default is written. */
function formatBoolean({ text, value: before }: Knob, value: boolean): string {
  const literal = value ? 'True' : 'False';
  if (!/^["']store_(?:true|false)["']$|^is_flag=True$/.test(text)) return literal;
  return value === before ? text : `${text}, default=${literal}`;
}

/**
 * A JSON string, which Python reads as the same text; in single quotes where the old one had them and no escape is
 * needed.
 */
function formatString(text: string, value: string): string {
  const isSingle = text.startsWith("'") && !text.startsWith("'''");
  const isPlain = !/['\\\p{Cc}\u2028\u2029]/u.test(value);
  return isSingle && isPlain ? `'${value}'` : JSON.stringify(value);
}

function formatFloat(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function formatWhole(text: string, value: number): string {
  const [, mark] = /^2(\s*\*\*\s*)\d+$/.exec(text) ?? [];
  const exponent = Math.log2(value);
  return mark !== undefined && Number.isInteger(exponent) ? `2${mark}${exponent}` : String(value);
}

function formatItem(value: number, type: 'int' | 'float'): string {
  return type === 'float' ? formatFloat(value) : String(value);
}
