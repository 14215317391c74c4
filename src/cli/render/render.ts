/**
 * Chooses how a running study is shown: JSON lines, a footer on a terminal, plain lines otherwise.
 */
import type { History } from '../../core/journal/history.ts';
import type { LoopEvent } from '../../core/journal/loop-event.ts';
import { printJson, say } from '../terminal/print.ts';
import { lineOf } from './plain.ts';

export interface Renderer {
  readonly emit: (event: LoopEvent) => void;
  /** Says something to people that is no event of the loop. */
  readonly say: (line: string) => void;
  readonly close: () => void;
}

export interface RenderOptions {
  readonly isJson: boolean;
  readonly isPlain: boolean;
  readonly budgetSeconds: number;
  /** The study so far; undefined until it is known. */
  readonly history: () => History | undefined;
}

/** A renderer for this terminal. */
export async function createRenderer(options: RenderOptions): Promise<Renderer> {
  const { isJson, isPlain, budgetSeconds, history } = options;
  if (isJson) return { emit: printJson, say, close: () => {} };
  if (isPlain || !process.stderr.isTTY) return { emit: (event) => sayLine(event, say), say, close: () => {} };
  // Loaded here because it takes a tenth of a start, and only a terminal has one.
  const { createFooter } = await import('./footer.ts');
  const footer = createFooter(budgetSeconds, history);
  return {
    emit: (event) => {
      footer.update(event);
      sayLine(event, footer.print);
    },
    say: footer.print,
    close: footer.close,
  };
}

function sayLine(event: LoopEvent, sayTo: (line: string) => void): void {
  const line = lineOf(event);
  if (line !== undefined) sayTo(line);
}
