/**
 * Editable files as what reads Python takes them: a notebook's view is a Python file beside the others.
 */
import type { Knob } from '../../core/space/knob.ts';
import { isNotebook } from './notebook.ts';
import { pythonOf } from './notebook-python.ts';
import { viewOf } from './notebook-view.ts';

type Files = Readonly<Record<string, string>>;

/** The Python among the files; a notebook's name gets a `.py`. */
export function pythonSources(files: Files, write = pythonOf): Record<string, string> {
  const sources: Record<string, string> = {};
  for (const [path, text] of Object.entries(files)) {
    if (isNotebook(path)) sources[`${path}.py`] = write(viewOf(path, text));
    else if (path.endsWith('.py')) sources[path] = text;
  }
  return sources;
}

/** The name of the file that a source was made of. */
export function ownName(source: string): string {
  return source.endsWith('.ipynb.py') ? source.slice(0, -'.py'.length) : source;
}

/** Knobs under their files' own names. Where a cell is tagged `parameters`, as for papermill, its knobs are the interface. */
export function notebookKnobs(files: Files, knobs: readonly Knob[]): readonly Knob[] {
  const own = knobs.map((knob) => ({ ...knob, file: ownName(knob.file) }));
  return own.map((knob) => {
    const cell = isNotebook(knob.file) ? parametersOf(viewOf(knob.file, files[knob.file] ?? '')) : undefined;
    const isWithin = ({ file, span }: Knob) => file === knob.file && cell && cell[0] <= span[0] && span[1] <= cell[1];
    if (cell === undefined || isWithin(knob) || knob.still !== undefined || !own.some(isWithin)) return knob;
    return { ...knob, still: 'the cell tagged `parameters` is searched instead' };
  });
}

/** Where the parameters' cell stands in the view, in bytes. */
function parametersOf(view: string): readonly [number, number] | undefined {
  const marker = /^# %% \[parameters\]$/m.exec(view);
  if (marker === null) return undefined;
  const [before, after] = [view.slice(0, marker.index), view.slice(marker.index + marker[0].length)];
  const cell = after.split(/^# %%(?!%)/m)[0] ?? '';
  const start = Buffer.byteLength(before);
  return [start, start + Buffer.byteLength(marker[0] + cell)];
}
