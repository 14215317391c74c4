/**
 * Chooses how a running study is shown: JSON lines, a footer on a terminal, plain lines otherwise.
 */
import { notesFor } from '../../core/base/format.ts';
import type { History } from '../../core/journal/history.ts';
import type { LoopEvent } from '../../core/journal/loop-event.ts';
import { printJson, say } from '../terminal/print.ts';
import { fitted } from './fit-text.ts';
import { lineOf } from './plain.ts';
import { createTellOnce } from './tell-once.ts';

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
  if (isPlain || !process.stderr.isTTY) return { emit: sayLines(history, say), say, close: () => {} };
  // Loaded here because it takes a tenth of a start, and only a terminal has one.
  const { createFooter } = await import('./footer.ts');
  const footer = createFooter(budgetSeconds, history);
  const sayLine = sayLines(history, footer.print);
  return {
    emit: (event) => {
      footer.update(event);
      sayLine(event);
    },
    say: (line) => footer.print(fitted(line)),
    close: footer.close,
  };
}

/** Says the line of each event that was not told before; below the first that prints a `±` or an estimate, what that means. */
function sayLines(history: RenderOptions['history'], sayTo: (line: string) => void): (event: LoopEvent) => void {
  const tellOnce = createTellOnce();
  const explained = new Set<string>();
  return (event) => {
    const told = tellOnce(event);
    const line = told && lineOf(told, history());
    if (line === undefined) return;
    const notes = notesFor(line).filter((note) => !explained.has(note));
    sayTo(fitted([line, ...notes.map((note) => `     (${note})`)].join('\n')));
    for (const note of notes) explained.add(note);
  };
}
