/**
 * Answers the model's tool call `list_experiments`: filtered, sorted and at most `limit` lines.
 */

import { type ExperimentRow, experimentRows } from '../journal/experiment-row.ts';
import type { ExperimentRecord, History } from '../journal/history.ts';
import { knobsSetBy, ledgerLegend, ledgerLine } from './ledger-line.ts';
import type { ToolArguments } from './tool-schemas.ts';

type Query = ToolArguments<'list_experiments'>;
type Rowed = { readonly record: ExperimentRecord; readonly row: ExperimentRow };

const defaultLimit = 30;

/** The lines that a query asks for, and the number of those beyond its limit. */
export function listExperiments(history: History, query: Query): string {
  const rows = experimentRows(history);
  const found = history.experiments
    .flatMap((record, index) => {
      const row = rows[index];
      return row ? [{ record, row }] : [];
    })
    .filter((item) => matches(item, query));
  if (found.length === 0) return 'No experiment is like that.';
  const shown = sorted(found, query.sort ?? 'newest', history.frozen.metric.goal).slice(0, query.limit ?? defaultLimit);
  const rest = found.length - shown.length;
  return [
    ledgerLegend,
    ...shown.map(({ record, row }) => ledgerLine(history, record, row)),
    ...(rest > 0 ? [`(${rest} more; narrow the query or raise limit)`] : []),
  ].join('\n');
}

function matches(
  { record, row }: Rowed,
  { status = 'all', text, from = 0, to = Number.POSITIVE_INFINITY }: Query,
): boolean {
  if (status !== 'all' && row.status !== status) return false;
  if (row.experiment < from || row.experiment > to) return false;
  if (text === undefined) return true;
  const knobs = knobsSetBy(record.proposal).map(({ knob }) => knob);
  const words = [row.title, record.proposal?.hypothesis ?? '', ...knobs].join(' ').toLowerCase();
  return words.includes(text.toLowerCase());
}

function sorted(items: readonly Rowed[], by: NonNullable<Query['sort']>, goal: 'minimize' | 'maximize'): Rowed[] {
  const worst = Number.NEGATIVE_INFINITY;
  const score = ({ row }: Rowed): number => {
    switch (by) {
      case 'newest':
        return row.experiment;
      case 'oldest':
        return -row.experiment;
      case 'gain':
        return row.gain ?? worst;
      case 'best':
        return row.metric === null ? worst : goal === 'minimize' ? -row.metric : row.metric;
      default:
        return by satisfies never;
    }
  };
  return [...items].sort((a, b) => (score(a) === score(b) ? 0 : score(b) - score(a)));
}
