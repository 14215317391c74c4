/**
 * How a change of code changes the knobs: which are new, which are gone, and which only have another name.
 */
import { type KnobValue, sameValue } from './knob.ts';

/** The values of all knobs of a source, by key. */
export type KnobValues = Readonly<Record<string, KnobValue>>;

export interface KnobChange {
  /** New key -> the key that it had before. */
  readonly renamed: Readonly<Record<string, string>>;
  /** Knobs that were not there before, with the value that they came with. */
  readonly introduced: KnobValues;
}

/**
 * From the knobs before a code change and those after it. A knob that vanished while another of the same value came is
 * taken for renamed, in source order; booleans are too alike for that.
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
 * What the values of a trial from before a code change amount to after it: a renamed knob keeps its value, and a new one
 * had, in effect, the value that it came with.
 */
export function carryForward(values: KnobValues, { renamed, introduced }: KnobChange): KnobValues {
  // Most code keeps leave the knobs alone, and long studies carry every trial over all of them.
  if (Object.keys(renamed).length + Object.keys(introduced).length === 0) return values;
  const carried: Record<string, KnobValue> = { ...introduced, ...values };
  for (const [key, old] of Object.entries(renamed)) {
    const value = values[old];
    if (value !== undefined) carried[key] = value;
  }
  return carried;
}
