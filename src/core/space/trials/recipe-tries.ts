/**
 * What recipes tried: the values that they set, and whether these were kept.
 */
import type { KnownStudy } from '../../journal/earlier.ts';
import { type ExperimentRecord, isDropped } from '../../journal/history.ts';
import { knobKey } from './trials.ts';

export type RecipeTry = KnownStudy['recipes'][number];

/** Those of these experiments; what was kept meanwhile left it untried, or another experiment tries it again, is none. */
export function recipeTries(experiments: readonly ExperimentRecord[]): RecipeTry[] {
  return experiments.flatMap((record) => {
    const { researcher, proposal, from, kept, verdict } = record;
    if (researcher !== 'recipe' || isDropped(record) || verdict?.overtakenBy !== undefined) return [];
    const settings = (proposal?.edits ?? []).flatMap((edit) => {
      if (edit.kind !== 'set-knob') return [];
      const { file, knob, to } = edit;
      const before = from?.[knobKey({ file, name: knob })];
      return [{ file, knob, ...(before !== undefined && { from: before }), to }];
    });
    return [{ settings, isKept: kept !== undefined }];
  });
}
