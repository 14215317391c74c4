/**
 * A study of a ledger once its direction is known: which zeros are no score, and which rows count as kept where the ledger
 * decides nothing.
 */
import { type Goal, isBetter } from '../base/metric.ts';
import type { LedgerPart, LedgerRow, SettledPart } from './ledger.ts';

/** The part with this direction. */
export function settlePart(part: LedgerPart, goal: Goal): SettledPart {
  const rows = withoutFalseZeros(part.rows, goal);
  return { ...part, goal, rows: part.hasDecisions ? rows : withRunningBest(rows, goal) };
}

/** The best kept row of a study; undefined where none was kept with a score. */
export function bestKeep({ rows, goal }: SettledPart): (LedgerRow & { readonly value: number }) | undefined {
  let best: (LedgerRow & { readonly value: number }) | undefined;
  for (const row of rows) {
    const { value, status } = row;
    if (status === 'keep' && value !== null && (!best || isBetter(goal, value, best.value))) best = { ...row, value };
  }
  return best;
}

/** A zero that was not kept and would beat every score of a metric above zero stands for no score. */
function withoutFalseZeros(rows: readonly LedgerRow[], goal: Goal): readonly LedgerRow[] {
  const others = rows.flatMap(({ value }) => (value === null || value === 0 ? [] : [value]));
  if (goal === 'maximize' || others.length === 0 || others.some((value) => value < 0)) return rows;
  return rows.map((row) => (row.value === 0 && row.status !== 'keep' ? { ...row, value: null } : row));
}

/** The first score and each that beats all before it count as kept. */
function withRunningBest(rows: readonly LedgerRow[], goal: Goal): readonly LedgerRow[] {
  let best: number | undefined;
  return rows.map((row) => {
    const { value, status } = row;
    if (value === null || status === 'crash') return row;
    const isRecord = best === undefined || isBetter(goal, value, best);
    if (isRecord) best = value;
    return { ...row, status: isRecord ? ('keep' as const) : ('discard' as const) };
  });
}
