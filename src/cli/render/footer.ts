/**
 * The live footer on a terminal: of each run in flight the experiment, elapsed of budget and live loss, and the best so far.
 */
import { createLogUpdate } from 'log-update';
import { plainText } from '../../core/base/plain-text.ts';
import type { EntryOf } from '../../core/journal/entry.ts';
import { currentOwnerPause, type History } from '../../core/journal/history.ts';
import type { LoopEvent, RunProgressed } from '../../core/journal/loop-event.ts';
import { gpuAwayWords } from '../../core/views/conditions.ts';
import { say } from '../terminal/print.ts';
import { widthOf } from './fit-text.ts';
import { runLines } from './run-lines.ts';
import { timeOfDay } from './time-of-day.ts';

export interface Footer {
  /** Prints a line above the footer. */
  readonly print: (line: string) => void;
  readonly update: (event: LoopEvent) => void;
  readonly close: () => void;
}

/** A footer on stderr: a line for each run in flight, none of which wraps, and with several slots one for the study. */
export function createFooter(budgetSeconds: number, history: () => History | undefined): Footer {
  const draw = createLogUpdate(process.stderr, { showCursor: true });
  const running = new Map<string, RunProgressed>();
  let notice: readonly string[] | undefined;
  let text = '';
  const redraw = () => {
    const told = notice ?? (running.size === 0 ? pausedNotice(history()) : undefined);
    const lines = told ? [told] : runLines([...running.values()], budgetSeconds, history(), maxLines());
    const next = lines.map((parts) => fitting(parts, (process.stderr.columns || 80) - 1)).join('\n');
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
      if (!isShown(event)) return;
      if (event.event === 'run-progressed') running.set(keyOf(event), event);
      else if ('run' in event) running.delete(keyOf(event));
      if (event.event === 'study-stopped') running.clear();
      notice = noticeOf(event);
      redraw();
    },
    close: () => {
      notice = undefined;
      running.clear();
      redraw();
      draw.done();
    },
  };
}

/** So that what is printed above it stays in sight. */
function maxLines(): number {
  return Math.max(2, Math.floor((process.stderr.rows || 24) / 2));
}

type Shown = Extract<LoopEvent, { event: (typeof shown)[number] }>;

/** What changes the footer; whatever it is, an older notice is told no longer. */
const shown = [
  'run-progressed',
  'run-ended',
  'confirmation-run-ended',
  'proposal-made',
  'gpu-away',
  'gpu-back',
  'model-away',
  'study-paused',
  'pause-ended',
  'study-stopped',
] as const satisfies readonly LoopEvent['event'][];

function isShown(event: LoopEvent): event is Shown {
  return shown.some((name) => name === event.event);
}

/** What stands there in the place of the runs; undefined for what needs none. */
function noticeOf(event: Shown): readonly string[] | undefined {
  if (event.event === 'gpu-away') return [`waiting since ${timeOfDay(event.at)}`, gpuAwayWords[event.kind]];
  if (event.event === 'model-away')
    return [`${plainText(event.model)} is away since ${timeOfDay(event.at)}`, event.code];
  return undefined;
}

/** What stands there while the owner has paused the study and nothing runs. */
function pausedNotice(history: History | undefined): readonly string[] | undefined {
  const pause = history && !history.stopped ? currentOwnerPause(history) : undefined;
  return pause && [`paused since ${timeOfDay(pause.since)}`, '`nocturne resume` goes on'];
}

function keyOf(event: RunProgressed | EntryOf<'run-ended' | 'confirmation-run-ended'>): string {
  if (event.event === 'confirmation-run-ended') return `${event.contender} ${event.run}`;
  const whose =
    event.event === 'run-progressed' && event.confirmation ? event.confirmation.contender : event.experiment;
  return `${whose} ${event.run}`;
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
