/**
 * Commands that execute a notebook: each runs through our own runner, which prints what cells print while they print it.
 */
import { baseOf } from '../../core/base/path-text.ts';
import type { Argv } from '../../core/journal/settings/argv.ts';
import { packagePath } from '../package-root.ts';
import { isNotebook } from './notebook.ts';

export interface NotebookCommand {
  /** What stands before it, such as `uv run`. */
  readonly before: Argv;
  readonly notebook: string;
  /** Values for its parameters: `-p NAME VALUE` of papermill. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

const runners = /^(?:uv|poetry|pixi|pdm|hatch|rye|conda|micromamba|mamba)$/;
const tools = /^(?:jupyter|jupyter-nbconvert|jupyter-execute|nbconvert|papermill|runipy|ipython|python\d?(?:\.\d+)?)$/;

/**
 * Reads `notebook.ipynb`, `jupyter nbconvert --to notebook --execute notebook.ipynb`, `jupyter execute …`, `papermill in.ipynb
 * out.ipynb -p lr 0.1` and the like, with or without `uv run` before them; undefined for anything else.
 */
export function readNotebookCommand(argv: Argv): NotebookCommand | undefined {
  const at = argv.findIndex(isNotebook);
  const notebook = argv[at];
  if (notebook === undefined) return undefined;
  const start = runners.test(argv[0] ?? '')
    ? argv.findIndex((word, index) => index <= at && isTool(word, index, at))
    : 0;
  const own = argv.slice(start, at);
  const [tool] = own;
  // A script of the owner's that takes a notebook is theirs to run.
  const isOwnScript = own.some((word) => /\.(?:py|sh)$/.test(word));
  if (start < 0 || isOwnScript || (tool !== undefined && !tools.test(baseOf(tool)))) return undefined;
  return { before: argv.slice(0, start), notebook, parameters: parametersOf(argv.slice(at + 1)) };
}

/** The command that runs it with this Python; behind `uv run` and the like with the Python that these provide. */
export function runnerArgv({ before, notebook, parameters }: NotebookCommand, interpreter: string): Argv {
  const python = before.length === 0 ? interpreter : 'python';
  const script = packagePath('src', 'python', 'run_notebook.py');
  return [...before, python, '-u', script, notebook, ...parameters.flatMap(([name, value]) => ['-p', name, value])];
}

function isTool(word: string, index: number, at: number): boolean {
  return index === at || tools.test(baseOf(word));
}

function parametersOf(rest: Argv): readonly (readonly [string, string])[] {
  return rest.flatMap((word, index) => {
    const [name, value] = [rest[index + 1], rest[index + 2]];
    const isParameter = /^(?:-p|-r|--parameters|--parameters_raw)$/.test(word);
    return isParameter && name !== undefined && value !== undefined ? [[name, value] as const] : [];
  });
}
