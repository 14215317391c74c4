/**
 * Which columns of the table are shown.
 */
import type { Column, ExperimentTable } from './columns.ts';

const usual = ['experiment', 'status', 'metric', 'gain', 'title', 'researcher', 'seconds'];
/** Knobs that are shown where nothing was chosen: those that most experiments turned to values of their own. */
const usualKnobs = 4;

/** The chosen columns in the table's order, the experiment's number always among them; the usual ones where none is chosen. */
export function columnsShown({ columns }: ExperimentTable, chosen: readonly string[]): readonly Column[] {
  const wanted = new Set(chosen.length > 0 ? ['experiment', ...chosen] : [...usual, ...busiestKnobs(columns)]);
  return columns.filter(({ id }) => wanted.has(id));
}

function busiestKnobs(columns: readonly Column[]): string[] {
  const knobs = columns.filter(({ group }) => group === 'knob');
  const counted = knobs.map(({ id, cells }) => ({ id, values: new Set(cells).size }));
  return counted
    .sort((a, b) => b.values - a.values)
    .slice(0, usualKnobs)
    .map(({ id }) => id);
}
