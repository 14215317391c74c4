/**
 * The live footer on a terminal: experiment, elapsed of budget, live loss, best so far.
 */
import { stripVTControlCharacters } from 'node:util';
import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import { formatDuration, formatMetric } from '../../core/format.ts';
import type { LoopEvent, RunProgressed } from '../../core/loop-event.ts';

export interface Footer {
  /** Prints a line above the footer. */
  readonly print: (line: string) => void;
  readonly update: (event: LoopEvent) => void;
  readonly close: () => void;
}

/** A footer on stderr, one line, cut to the terminal's width. */
export function createFooter(budgetSeconds: number): Footer {
  const draw = createLogUpdate(process.stderr, { showCursor: true });
  let best = '';
  let text = '';
  const redraw = (next: string) => {
    text = next;
    if (text === '') draw.clear();
    else draw(cut(text));
  };
  return {
    print: (line) => {
      draw.clear();
      process.stderr.write(`${line}\n`);
      if (text !== '') draw(cut(text));
    },
    update: (event) => {
      if (event.event === 'run-progressed') redraw(progressText(event, budgetSeconds, best));
      if (event.event === 'run-ended') redraw('');
      if (event.event === 'verdict-given' && event.verdict.decision === 'keep' && event.verdict.statistics) {
        best = `best ${formatMetric(event.verdict.statistics.mean)} (experiment ${event.experiment})`;
      }
    },
    close: () => {
      draw.clear();
      draw.done();
    },
  };
}

function progressText(event: RunProgressed, budgetSeconds: number, best: string): string {
  const share = event.progress ?? Math.min(1, event.elapsedSeconds / budgetSeconds);
  const name = event.experiment === 0 ? `baseline run ${event.run}` : `experiment ${event.experiment}`;
  const parts = [
    `${name} ${bar(share)} ${formatDuration(event.elapsedSeconds)} of ${formatDuration(budgetSeconds)}`,
    event.loss === undefined ? '' : `loss ${formatMetric(event.loss)}`,
    best,
  ];
  return parts.filter(Boolean).join('  ');
}

function bar(share: number): string {
  const filled = Math.round(share * 20);
  return pc.cyan('━'.repeat(filled)) + pc.dim('━'.repeat(20 - filled));
}

function cut(text: string): string {
  const width = (process.stderr.columns ?? 80) - 1;
  const visible = stripVTControlCharacters(text);
  return visible.length <= width ? text : visible.slice(0, width);
}
