/**
 * A tuple of numbers as Python source: finds each item, and writes those that change.
 *
 * Items that do not change keep their text, and so do the brackets, blanks and comments between them.
 */
import type { Knob } from '../knob.ts';

interface Item {
  readonly text: string;
  readonly start: number;
}

/** Whether each item of a tuple is written as a whole number or as a float; empty when the knob is no tuple. */
export function itemTypes(knob: Knob): readonly ('int' | 'float')[] {
  if (typeof knob.value !== 'object') return [];
  const items = findItems(knob.text);
  return knob.value.map((value, index) => {
    const text = items.length === (knob.value as readonly number[]).length ? (items[index]?.text ?? '') : knob.text;
    return Number.isInteger(value) && !looksFloat(text) ? 'int' : 'float';
  });
}

/** The tuple's text with other items; `format` writes one that changes. */
export function setItems(
  knob: Knob,
  values: readonly number[],
  format: (value: number, type: 'int' | 'float') => string,
): string {
  const before = typeof knob.value === 'object' ? knob.value : [];
  const types = itemTypes(knob);
  const items = findItems(knob.text);
  if (items.length !== values.length || before.length !== values.length) return writeTuple(knob, values, types, format);
  let text = knob.text;
  for (const [index, item] of [...items.entries()].reverse()) {
    const value = values[index] ?? 0;
    if (value === before[index]) continue;
    const end = item.start + item.text.length;
    text = text.slice(0, item.start) + format(value, types[index] ?? 'float') + text.slice(end);
  }
  return text;
}

function writeTuple(
  { text }: Knob,
  values: readonly number[],
  types: readonly ('int' | 'float')[],
  format: (value: number, type: 'int' | 'float') => string,
): string {
  const isFloat = types.includes('float');
  const items = values.map((value) => format(value, isFloat ? 'float' : 'int'));
  if (text.trim().startsWith('[')) return `[${items.join(', ')}]`;
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;
}

/**
 * The expressions between the commas, without the blanks and comments around them; none when the text cannot be split.
 */
function findItems(text: string): readonly Item[] {
  // Comments become blanks of the same length, so that the offsets stay right.
  const plain = text.replace(/#[^\r\n]*/g, (comment) => ' '.repeat(comment.length)).replace(/\\(?=\r?\n)/g, ' ');
  const open = /^\s*[([]/.exec(plain)?.[0].length ?? 0;
  const inside = open > 0 && isWrapped(plain) ? plain.slice(open, plain.trimEnd().length - 1) : plain;
  const from = inside === plain ? 0 : open;
  const items: Item[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index <= inside.length; index++) {
    const letter = inside[index] ?? ',';
    if (letter === '(' || letter === '[') depth += 1;
    else if (letter === ')' || letter === ']') depth -= 1;
    else if (letter === ',' && depth === 0) {
      const piece = inside.slice(start, index);
      if (piece.trim() !== '') items.push({ text: piece.trim(), start: from + start + piece.search(/\S/) });
      start = index + 1;
    }
  }
  return items;
}

/** Whether the first bracket closes with the last, as in `(1, 2)` and not in `(1), (2)`. */
function isWrapped(text: string): boolean {
  let depth = 0;
  const trimmed = text.trim();
  for (const [index, letter] of [...trimmed].entries()) {
    if (letter === '(' || letter === '[') depth += 1;
    else if (letter === ')' || letter === ']') depth -= 1;
    if (depth === 0) return index === trimmed.length - 1;
  }
  return false;
}

function looksFloat(text: string): boolean {
  const decimal = text.replace(/0[xXoObB][\da-fA-F_]+/g, '0').replaceAll('//', '');
  return /[.eE/]/.test(decimal);
}
