/**
 * The task of a coding agent that proposes by editing a scratch copy, as one text that stays below what a command line holds.
 */
import type { History } from '../history.ts';
import { ledgerLegend, ledgerLine } from './ledger-line.ts';
import { directionOf, type RenderPrompt } from './prompt-values.ts';

/** A command line's single argument may have 128 KiB on Linux; the rest of the prompt is far below the difference. */
const mostLedgerCharacters = 60_000;
const mostProseCharacters = 20_000;

/** The task for the next experiment. */
export function describeTask(render: RenderPrompt, history: History, experiment: number): string {
  const { frozen, session, notes } = history;
  return render('agent', {
    experiment: String(experiment),
    metric: frozen.metric.name,
    direction: directionOf(frozen.metric.goal),
    editable: frozen.edit.join(', '),
    budget: `${frozen.budgetSeconds} s of ${frozen.budgetClock === 'cpu' ? 'CPU time' : 'wall time'}`,
    notes: notes.length === 0 ? 'None yet.' : notes.map((note) => `- ${note.text.trim()}`).join('\n'),
    brief: session.prose.slice(0, mostProseCharacters).trim() || 'The owner wrote no more than the settings.',
    ledger: ledgerOf(history),
  });
}

/** The newest lines that fit. */
function ledgerOf(history: History): string {
  const fitting: string[] = [];
  let length = 0;
  for (const record of history.experiments.slice(1).toReversed()) {
    const line = ledgerLine(history, record);
    length += line.length + 1;
    if (length > mostLedgerCharacters) break;
    fitting.unshift(line);
  }
  return fitting.length === 0 ? 'Nothing yet.' : [ledgerLegend, ...fitting].join('\n');
}
