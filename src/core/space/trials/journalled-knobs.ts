/**
 * The knobs of every candidate as far as the journal alone shows them: a knob that no experiment has set is missing, and
 * in a journal of an earlier version also the value that a knob had before it was first set.
 *
 * For readers that do not have the sources. A kept change of code is assumed to leave the knobs as they were.
 */
import type { ExperimentRecord, History } from '../../journal/history.ts';
import type { KnobValue } from '../knob.ts';
import type { KnobValues } from '../knob-change.ts';
import { turnedBy } from './trials.ts';

/** By experiment, the values at its start and what it and its ancestors set; experiments with reverted code are left out. */
export function journalledKnobs({ experiments }: Pick<History, 'experiments'>): ReadonlyMap<number, KnobValues> {
  const known = new Map<number, KnobValues>();
  const start = startOf(experiments);
  for (const { experiment, parent = 0, proposal, kept } of experiments) {
    if (proposal?.kind === 'code' && kept === undefined) continue;
    known.set(experiment, { ...(known.get(parent) ?? start), ...turnedBy(proposal) });
  }
  return known;
}

/** The value of each knob at the study's start: what it had before the first proposal that set it, kept or not. */
function startOf(experiments: readonly ExperimentRecord[]): KnobValues {
  const start: Record<string, KnobValue> = {};
  const seen = new Set<string>();
  for (const { proposal, from = {} } of experiments) {
    for (const key of Object.keys(turnedBy(proposal))) {
      const value = from[key];
      if (value !== undefined && !seen.has(key)) start[key] = value;
      seen.add(key);
    }
  }
  return start;
}

/** The keys of all knobs that these experiments have a value of, in the order in which they first occur. */
export function knobsSet(known: ReadonlyMap<number, KnobValues>): ReadonlySet<string> {
  return new Set([...known.values()].flatMap((values) => Object.keys(values)));
}
