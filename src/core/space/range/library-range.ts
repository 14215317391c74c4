/**
 * The range of a parameter that a library of the field documents, by the callee that it belongs to, or by its name alone
 * where that says enough.
 */
import { nameWords } from '../../base/name-words.ts';
import { type ItemRange, type Knob, type KnobValue, type Range, sameValue } from '../knob.ts';
import { knobWords, lastPart } from './knob-words.ts';
import { knownByName } from './libraries/by-name.ts';
import { catboost } from './libraries/catboost.ts';
import { keras } from './libraries/keras.ts';
import type { LibraryGroup, LibraryParam, LibraryTable } from './libraries/library-table.ts';
import { lightgbm } from './libraries/lightgbm.ts';
import { sklearn } from './libraries/sklearn.ts';
import { torch } from './libraries/torch.ts';
import { transformers } from './libraries/transformers.ts';
import { xgboost } from './libraries/xgboost.ts';
import { readRange } from './parse-range.ts';
import { rangeContains } from './range-contains.ts';

/** All tables whose parameters are known by the callee. */
export const libraries: readonly LibraryTable[] = [xgboost, lightgbm, catboost, sklearn, torch, keras, transformers];

export type LibraryAnswer =
  | { readonly kind: 'range'; readonly range: Range }
  /** Why it is left alone. */
  | { readonly kind: 'left'; readonly why: string };

/** What the libraries' tables say of a knob; undefined when they do not know it, or no range of theirs suits its value. */
export function libraryAnswer(knob: Knob): LibraryAnswer | undefined {
  const name = plain(lastPart(knob));
  const of = knob.of ?? ownerLibrary(knob);
  const group = of === undefined ? undefined : groupOf(of);
  const own = group && paramOf(group, name);
  if (own !== undefined) return answerOf(own, knob);
  if (group !== undefined) return group.othersLeft === undefined ? undefined : { kind: 'left', why: group.othersLeft };
  const known = knownParam(name);
  return known === undefined ? undefined : answerOf(known, knob);
}

const groups = libraries.flatMap((table) =>
  table.groups.map((group) => ({ group, pattern: new RegExp(`^(?:${group.of})$`) })),
);

function groupOf(of: string): LibraryGroup | undefined {
  return groups.find(({ pattern }) => pattern.test(of))?.group;
}

/** Libraries that a dict's or a section's own name says, as in `XGB_PARAMS.gamma`. */
const owners: readonly (readonly [RegExp, string])[] = [
  [/^(?:XGB|XGBOOST)$/, 'xgboost.train'],
  [/^(?:LGB|LGBM|LIGHTGBM)$/, 'lightgbm.train'],
  [/^(?:CATBOOST|CB)$/, 'catboost.train'],
];

function ownerLibrary(knob: Knob): string | undefined {
  const { owner } = knobWords(knob);
  return owners.find(([pattern]) => owner.some((word) => pattern.test(word)))?.[1];
}

function paramOf({ params }: LibraryGroup, name: string): LibraryParam | undefined {
  return Object.entries(params).find(([param]) => plain(param) === name)?.[1];
}

/** Names of libraries and models that people put before the name of a parameter, as in `XGB_MAX_DEPTH` and `knn_n_neighbors`. */
const prefix =
  /^(?:XGB|XGBOOST|LGB|LGBM|LIGHTGBM|CATBOOST|CAT|CB|GBM|GBDT|GB|RF|RFC|FOREST|HGB|ET|DT|TREE|KNN|LOGREG|LOG|LR|SVM|SVC)_/;

function knownParam(name: string): LibraryParam | undefined {
  for (const group of knownByName.groups) {
    const param = paramOf(group, name) ?? paramOf(group, name.replace(prefix, ''));
    if (param !== undefined) return param;
  }
  return undefined;
}

function plain(name: string): string {
  return nameWords(name).join('_');
}

function answerOf(param: LibraryParam, knob: Knob): LibraryAnswer | undefined {
  if (typeof param === 'object' && 'left' in param) return { kind: 'left', why: param.left };
  const { ranges, legal = [null, null] } = typeof param === 'string' ? { ranges: [param] } : param;
  const suiting = ranges.flatMap((text) => {
    const reading = readRange(text, knob.type);
    return reading.kind === 'read' && suitsType(reading.value, knob) ? [reading.value] : [];
  });
  const containing = suiting.find((range) => rangeContains(range, knob.value));
  if (containing !== undefined) return { kind: 'range', range: containing };
  const wide = suiting.flatMap((range) => widened(range, knob.value, legal) ?? [])[0];
  if (wide !== undefined) return { kind: 'range', range: wide };
  // A whole number may count what the fraction in the table is a share of, such as `max_features`.
  const isOutside = knob.type === 'float' && suiting.some((range) => range.kind !== 'choice');
  return isOutside ? { kind: 'left', why: 'the library takes no such value' } : undefined;
}

/** A whole number of a parameter that takes fractions is searched in fractions: `reg_lambda=1` may become 0.3. */
function suitsType(range: Range, { type, value }: Knob): boolean {
  if (range.kind === 'choice') return range.values.every((choice) => typeof choice === typeof value);
  if (range.kind === 'tuple' || typeof value !== 'number') return false;
  return type === 'int' || range.kind === 'float';
}

/** The range with room about a value outside it, if the library allows that value. */
function widened(
  range: Range,
  value: KnobValue,
  [lowest, highest]: readonly [number | null, number | null],
): ItemRange | undefined {
  if (range.kind === 'choice' || range.kind === 'tuple' || typeof value !== 'number') return undefined;
  if (range.kind === 'power-of-two') return undefined;
  if ((lowest !== null && value < lowest) || (highest !== null && value > highest)) return undefined;
  if (range.log && value <= 0) return undefined;
  const room = range.log ? 10 : 1;
  const low = Math.min(range.low, Math.max(value / room, lowest === 0 ? 0 : (lowest ?? value / room)));
  const high = Math.max(range.high, Math.min(value * room, highest ?? value * room));
  const round = (bound: number) => (range.kind === 'int' ? Math.max(1, Math.round(bound)) : bound);
  const whole = {
    ...range,
    low: low < range.low ? round(low) : range.low,
    high: high > range.high ? round(high) : range.high,
  };
  return rangeContains(whole, value) ? whole : undefined;
}

/** The script's own choices as a range, where there are at least two and the value is one of them. */
export function choicesRange({ choices, value }: Knob): Range | undefined {
  if (choices === undefined || choices.length < 2) return undefined;
  return choices.some((choice) => sameValue(choice, value)) ? { kind: 'choice', values: choices } : undefined;
}
