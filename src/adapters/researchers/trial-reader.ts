/**
 * The trials of a study, for searches. Most knobs follow from the proposals; only of the other experiments is the
 * source read, once each.
 */
import type { History } from '../../core/journal/history.ts';
import type { Knob } from '../../core/space/knob.ts';
import type { KnobValues } from '../../core/space/knob-change.ts';
import { experimentsToRead, knobKey, type Trials, trialsOf } from '../../core/space/trials/trials.ts';

export type ReadTrials = (history: History) => Promise<Trials>;

/** A reader of trials, given the knobs of a candidate's editable files by its commit; keeps what it has read. */
export function createTrialReader(readKnobs: (commit: string) => Promise<readonly Knob[]>): ReadTrials {
  const known = new Map<string, KnobValues>();
  let startKnobs: readonly Knob[] | undefined;
  return async (history) => {
    const read = new Map<number, KnobValues>();
    for (const experiment of experimentsToRead(history)) {
      const commit = history.experiments[experiment]?.candidate?.commit ?? history.start;
      const values = known.get(commit) ?? valuesOf(await readKnobs(commit));
      known.set(commit, values);
      read.set(experiment, values);
    }
    if (history.earlier !== undefined) startKnobs ??= await readKnobs(history.start);
    return trialsOf(history, read, startKnobs);
  };
}

function valuesOf(knobs: readonly Knob[]): KnobValues {
  return Object.fromEntries(knobs.map((knob) => [knobKey(knob), knob.value]));
}
