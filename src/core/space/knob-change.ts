/**
 * How a change of code changes the knobs: which are new, which are gone, and which only have another name.
 */
import { type KnobValue, sameValue } from './knob.ts';

/** The values of all knobs of a source, by key. */
export type KnobValues = Readonly<Record<string, KnobValue>>;

export interface KnobChange {
  /** New key -> the key that it had before. */
  readonly renamed: Readonly<Record<string, string>>;
  /** Knobs that were not there before, with the value that they were introduced with. */
  readonly introduced: KnobValues;
}

/**
 * Compares the knobs before a code change with those after it. A knob that is gone while a new one has the same value
 * is taken for renamed, in source order; not a boolean, since too many have the same value.
 */
export function knobChange(before: KnobValues, after: KnobValues): KnobChange {
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  const renamed: Record<string, string> = {};
  const introduced: Record<string, KnobValue> = {};
  for (const [key, value] of Object.entries(after)) {
    if (Object.hasOwn(before, key)) continue;
    const index = gone.findIndex((old) => typeof value !== 'boolean' && sameValue(before[old] ?? '', value));
    const [old] = index < 0 ? [] : gone.splice(index, 1);
    if (old === undefined) introduced[key] = value;
    else renamed[key] = old;
  }
  return { renamed, introduced };
}

/**
 * The values of a trial from before a code change, as they are after it: a renamed knob keeps its value, and a new knob
 * gets the value that it was introduced with, which the old code had in effect.
 */
export function carryForward(values: KnobValues, { renamed, introduced }: KnobChange): KnobValues {
  // For speed: most kept code changes leave the knobs alone, and a long study carries each trial over all of them.
  if (Object.keys(renamed).length + Object.keys(introduced).length === 0) return values;
  const carried: Record<string, KnobValue> = { ...introduced, ...values };
  for (const [key, old] of Object.entries(renamed)) {
    const value = values[old];
    if (value !== undefined) carried[key] = value;
  }
  return carried;
}

/** The other way round: the values of a trial from after a code change that was taken out, as they are without it. */
export function carryBack(values: KnobValues, { renamed, introduced }: KnobChange): KnobValues {
  const names = new Map(Object.entries(renamed));
  const left = Object.entries(values).filter(([key]) => !Object.hasOwn(introduced, key));
  return Object.fromEntries(left.map(([key, value]) => [names.get(key) ?? key, value]));
}
