/**
 * The live footer on a terminal: experiment, elapsed of budget, live loss, best so far.
 */
import { createLogUpdate } from 'log-update';
import { formatAt, formatDuration, formatMetric } from '../../core/base/format.ts';
import { plainText } from '../../core/base/plain-text.ts';
import { experimentOf, type History, valuesOf } from '../../core/journal/history.ts';
import type { LoopEvent, RunProgressed } from '../../core/journal/loop-event.ts';
import { metricDecimals } from '../../core/journal/metric-decimals.ts';
import { mean } from '../../core/statistics/moments.ts';
import { gpuAwayWords } from '../../core/views/conditions.ts';
import { spendingText } from '../../core/views/spending.ts';
import { say } from '../terminal/print.ts';
import { coloursFor } from './colours.ts';
import { widthOf } from './fit-text.ts';
import { timeOfDay } from './time-of-day.ts';

export interface Footer {
  /** Prints a line above the footer. */
  readonly print: (line: string) => void;
  readonly update: (event: LoopEvent) => void;
  readonly close: () => void;
}

/** A footer on stderr: one line that never wraps. */
export function createFooter(budgetSeconds: number, history: () => History | undefined): Footer {
  const draw = createLogUpdate(process.stderr, { showCursor: true });
  let text = '';
  const redraw = (next: string) => {
    if (next === '' && text !== '') draw.clear();
    if (next !== '') draw(next);
    text = next;
  };
  return {
    print: (line) => {
      if (text !== '') draw.clear();
      say(line);
      if (text !== '') draw(text);
    },
    update: (event) => {
      if (event.event === 'run-progressed') {
        redraw(
          fitting(
            progressParts(event, event.budgetSeconds ?? budgetSeconds, history()),
            (process.stderr.columns || 80) - 1,
          ),
        );
      }
      if (event.event === 'gpu-away') {
        redraw(
          fitting(
            [`paused since ${timeOfDay(event.at)}`, gpuAwayWords[event.kind]],
            (process.stderr.columns || 80) - 1,
          ),
        );
      }
      if (event.event === 'model-away') {
        const parts = [`${plainText(event.model)} is away since ${timeOfDay(event.at)}`, event.code];
        redraw(fitting(parts, (process.stderr.columns || 80) - 1));
      }
      if (ends.has(event.event)) redraw('');
    },
    close: () => {
      redraw('');
      draw.done();
    },
  };
}

/** What the footer no longer tells of afterwards. */
const ends: ReadonlySet<LoopEvent['event']> = new Set([
  'proposal-made',
  'run-ended',
  'confirmation-run-ended',
  'gpu-back',
  'study-stopped',
]);

/** What the footer says, the most important first. */
function progressParts(event: RunProgressed, budgetSeconds: number, history: History | undefined): string[] {
  const share = event.progress ?? Math.min(1, event.elapsedSeconds / budgetSeconds);
  const parts = [
    nameOf(event),
    `${formatDuration(event.elapsedSeconds)} of ${formatDuration(budgetSeconds)}`,
    bar(share),
    history && history.modelsAway.size > 0 ? 'model away' : '',
    event.loss === undefined ? '' : `loss ${formatMetric(event.loss)}`,
    history ? bestText(history) : '',
    history ? (spendingText(history.spent) ?? '') : '',
  ];
  return parts.filter(Boolean);
}

function nameOf({ experiment, run, confirmation }: RunProgressed): string {
  if (confirmation) return `confirming: ${confirmation.contender} run ${run}`;
  return experiment === 0 ? `baseline run ${run}` : `experiment ${experiment}`;
}

function bestText(history: History): string {
  const values = valuesOf(experimentOf(history, history.incumbent));
  if (values.length === 0) return '';
  return `best ${formatAt(mean(values), metricDecimals(history))}`;
}

const barWidth = 14;

function bar(share: number): string {
  const { cyan, dim } = coloursFor(process.stderr);
  const filled = Math.round(Math.max(0, Math.min(1, share)) * barWidth);
  return cyan('━'.repeat(filled)) + dim('━'.repeat(barWidth - filled));
}

/** The parts that fit into the width, from the first on. */
function fitting(parts: readonly string[], width: number): string {
  let line = '';
  for (const part of parts) {
    const longer = line === '' ? part : `${line}  ${part}`;
    if (widthOf(longer) > width) break;
    line = longer;
  }
  return line;
}
