/**
 * The task of a coding agent that proposes by editing a scratch copy, as one text that fits in an argument of a
 * command.
 */
import { fixedWorkForResearchers, isFixedWork } from '../journal/fixed-work.ts';
import type { History } from '../journal/history.ts';
import { earlierText } from './earlier-text.ts';
import { ledgerLegend, ledgerLine } from './ledger-line.ts';
import { directionOf, type RenderPrompt } from './prompt-values.ts';

/**
 * UTF-8 bytes of the ledger, of the brief's prose and of all notes. One argument may have 128 KiB on Linux; the rest of
 * the prompt is far below the difference.
 */
const maxLedgerBytes = 60_000;
const maxProseBytes = 20_000;
const maxNoteBytes = 10_000;
/** Of what the study goes on from. */
const maxEarlierBytes = 15_000;

/** The task for the next experiment. */
export function describeTask(render: RenderPrompt, history: History, experiment: number): string {
  const { frozen, session, notes } = history;
  return render('agent', {
    experiment: String(experiment),
    metric: frozen.metric.name,
    direction: directionOf(frozen.metric.goal),
    editable: frozen.edit.join(', '),
    budget: `${frozen.budgetSeconds} s of ${frozen.budgetClock === 'cpu' ? 'CPU time' : 'wall time'}`,
    notes:
      newest(notes, maxNoteBytes, (note) => `- ${firstBytes(note.text.trim(), maxNoteBytes - 100)}`) || 'None yet.',
    brief:
      (firstBytes(session.prose.trim(), maxProseBytes) || 'The owner wrote no more than the settings.') +
      (isFixedWork(history) ? `\n\n${fixedWorkForResearchers}` : ''),
    ledger: [firstBytes(earlierText(history.earlier) ?? '', maxEarlierBytes), ledgerOf(history)]
      .filter(Boolean)
      .join('\n\n'),
  });
}

function ledgerOf(history: History): string {
  const lines = newest(history.experiments.slice(1), maxLedgerBytes, (record) => ledgerLine(history, record));
  return lines === '' ? 'Nothing yet.' : `${ledgerLegend}\n${lines}`;
}

/** The newest lines that fit, in their order. */
function newest<Item>(items: readonly Item[], maxBytes: number, lineOf: (item: Item) => string): string {
  const fitting: string[] = [];
  let bytes = 0;
  for (const item of items.toReversed()) {
    const line = lineOf(item);
    bytes += byteLength(line) + 1;
    if (bytes > maxBytes) break;
    fitting.unshift(line);
  }
  return fitting.join('\n');
}

function firstBytes(text: string, maxBytes: number): string {
  if (byteLength(text) <= maxBytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes));
  return `${text.slice(0, read)} […]`;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
