/**
 * A knob's value as Python source.
 */
import type { Knob, KnobValue } from './knob.ts';

/** The literal to write for a value, in the style of the one it replaces: `2**19` stays a power, a float keeps its point. */
export function formatKnobValue(knob: Knob, value: KnobValue): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return formatString(value);
  if (typeof value !== 'number') return formatTuple(knob, value);
  if (knob.type === 'float') return formatFloat(value);
  const exponent = Math.log2(value);
  return /^2\s*\*\*\s*\d+$/.test(knob.text) && Number.isInteger(exponent) ? `2**${exponent}` : String(value);
}

/** Python reads a JSON string as the same text, once characters beyond the basic plane are not split in two. */
function formatString(value: string): string {
  return JSON.stringify(value);
}

function formatFloat(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function formatTuple(knob: Knob, values: readonly number[]): string {
  const isFloat = Array.isArray(knob.value) && /[.eE]/.test(knob.text);
  const items = values.map((item) => (isFloat ? formatFloat(item) : String(item)));
  const [open, close] = knob.text.trim().startsWith('[') ? ['[', ']'] : ['(', ')'];
  return items.length === 1 && open === '(' ? `(${items[0]},)` : `${open}${items.join(', ')}${close}`;
}
