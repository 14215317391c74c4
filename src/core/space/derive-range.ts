/**
 * Gives knobs their ranges: the brief's where it declares one, a rule of thumb where the name and the value allow one.
 *
 * Knobs without a range (text, tuples, seeds, paths) are not searched.
 */

import { nearestName } from '../brief/nearest-name.ts';
import { refusalError, refuse } from '../brief/reading.ts';
import { BriefError } from '../errors.ts';
import type { Knob, Range, Space } from './knob.ts';
import { parseRange } from './parse-range.ts';
import { rangeContains, rangeSuits } from './range-contains.ts';
import { floatRange, intRange } from './range-rules.ts';

/** Words that say a knob is the harness's, the data's or the reader's business, not the method's. */
const notSearched = new Set(
  (
    'SEED SEEDS BUDGET SECONDS MINUTES TIME TIMEOUT EVAL VAL TEST LOG LOGGING SAVE CHECKPOINT PRINT EVERY INTERVAL ' +
    'WORKERS THREADS PORT GPUS VOCAB CLASSES INPUT OUTPUT DEBUG VERBOSE VERSION PATH DIR'
  ).split(' '),
);

/** A sensible range around the knob's current value, which it contains; undefined when there is none to guess. */
export function deriveRange(knob: Knob): Range | undefined {
  const words = new Set(knob.name.split('_'));
  if ([...words].some((word) => notSearched.has(word))) return undefined;
  const range = guessRange(knob, words);
  return range !== undefined && isUsable(range) && rangeContains(range, knob.value) ? range : undefined;
}

function guessRange({ type, value }: Knob, words: ReadonlySet<string>): Range | undefined {
  if (type === 'bool') return { kind: 'choice', values: [false, true] };
  if (typeof value !== 'number') return undefined;
  return type === 'int' ? intRange(words, value) : floatRange(words, value);
}

/** A value at the edge of what a number can hold has no room around it. */
function isUsable(range: Range): boolean {
  if (range.kind === 'choice') return true;
  const isHighFine = range.kind === 'float' ? Number.isFinite(range.high) : Number.isSafeInteger(range.high);
  return isHighFine && range.low < range.high && (range.kind !== 'float' || !range.log || range.low > 0);
}

/**
 * Everything a search may turn, in source order. A declared range replaces the derived one, for each knob of that
 * name; `choice 8` with the current value alone holds a knob still. `where` is the brief's name in errors.
 */
export function buildSpace(knobs: readonly Knob[], declared: Readonly<Record<string, string>>, where: string): Space {
  const names = knobs.map((knob) => knob.name);
  for (const name of Object.keys(declared)) {
    if (!names.includes(name)) throw unknownKnob(`${where}: \`space.${name}\``, name, names);
  }
  return knobs.flatMap((knob) => {
    const text = Object.hasOwn(declared, knob.name) ? declared[knob.name] : undefined;
    const range = text === undefined ? deriveRange(knob) : declaredRange(knob, text, where);
    const isStill = range === undefined || (range.kind === 'choice' && range.values.length === 1);
    return isStill ? [] : [{ knob, range }];
  });
}

/**
 * The same after the code has moved on: a declared range that no longer fits its knob, or whose knob is gone, gives way to
 * the derived one. Only the owner's own source is held to the letter of the brief.
 */
export function rebuildSpace(knobs: readonly Knob[], declared: Readonly<Record<string, string>>): Space {
  const still = Object.entries(declared).filter(([name, text]) => {
    const named = knobs.filter((knob) => knob.name === name);
    const range = parseRange(text, name);
    return named.length > 0 && named.every((knob) => rangeSuits(range, knob) && rangeContains(range, knob.value));
  });
  return buildSpace(knobs, Object.fromEntries(still), 'program.md');
}

function unknownKnob(subject: string, name: string, names: readonly string[]): BriefError {
  const nearest = nearestName(name, names);
  const known = names.length === 0 ? 'they have none' : `expected one of ${[...new Set(names)].join(', ')}`;
  const help = nearest === undefined ? known : `did you mean \`${nearest}\`?`;
  return new BriefError(`${subject} is not a knob of the editable files; ${help}`, {
    hint: 'A knob is a line `NAME = value` in capitals at the top level of an editable file.',
  });
}

function declaredRange(knob: Knob, text: string, where: string): Range {
  const subject = `${where}: \`space.${knob.name}\``;
  const range = parseRange(text, subject);
  const source = `\`${knob.name} = ${knob.text}\` in ${knob.file}`;
  if (!rangeSuits(range, knob)) throw refusalError(subject, refuse(`${suitable[knob.type]}, to suit ${source}`), text);
  if (!rangeContains(range, knob.value)) {
    throw refusalError(subject, refuse(`a range that contains the current value, ${source}`), text);
  }
  return range;
}

const suitable: Readonly<Record<Knob['type'], string>> = {
  int: 'a range of whole numbers (`int`, `int log`, `pow2` or `choice`)',
  float: 'a range of numbers',
  bool: '`bool`',
  string: 'a `choice` of texts',
  tuple: 'a `choice` of tuples of the same length',
};
