/**
 * The knobs of every candidate as far as the journal alone tells: a knob that nothing has set yet is not among them.
 *
 * For readers that do without the sources. A kept change of code is taken to have left the knobs as they were.
 */
import type { History } from '../../journal/history.ts';
import type { KnobValues } from '../knob-change.ts';
import { knobKey } from './trials.ts';

/** What was set by each experiment and by those it stands on; reverted code is left out. */
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
