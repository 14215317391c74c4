/**
 * The knobs of every candidate as far as the journal alone shows them: a knob that no experiment has set is missing.
 *
 * For readers that do not have the sources. A kept change of code is assumed to leave the knobs as they were.
 */
import type { History } from '../../journal/history.ts';
import type { KnobValues } from '../knob-change.ts';
import { knobKey } from './trials.ts';

/** By experiment, the values that it and its ancestors set; experiments with reverted code are left out. */
export function journalledKnobs({ experiments }: Pick<History, 'experiments'>): ReadonlyMap<number, KnobValues> {
  const known = new Map<number, KnobValues>();
  for (const { experiment, parent = 0, proposal, kept } of experiments) {
    if (proposal?.kind === 'code' && kept === undefined) continue;
    const turned = (proposal?.edits ?? []).flatMap((edit) =>
      edit.kind === 'set-knob' ? [[knobKey({ file: edit.file, name: edit.knob }), edit.to] as const] : [],
    );
    known.set(experiment, { ...known.get(parent), ...Object.fromEntries(turned) });
  }
  return known;
}
