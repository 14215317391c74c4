/**
 * The commands that a README, a Makefile or a shell script gives for a project's Python scripts.
 */
import { type Argv, readArgv } from '../journal/settings/argv.ts';
import { folderOf, joined, type ProjectFile } from './project-files.ts';

/** A command that starts one of the project's scripts. */
export interface CommandLine {
  /** As argv, with `python` first; arguments that stand for the reader's own, such as `<path>`, leave none. */
  readonly argv: Argv | undefined;
  /** The script that it starts, from the top of the project. */
  readonly script: string;
  /** The folder in which it is typed, from the top of the project. */
  readonly folder: string;
  /** The file that says it. */
  readonly from: string;
}

const starts =
  /(?:^|[\s`$>"'(]|&&|;)((?:uv run |poetry run |pixi run |pipenv run |conda run (?:-n \S+ )?)?python3?(?:\.\d+)? +(?:-[uOB] +)*(-m +[\w.]+|[\w./-]+\.py)\b[^\n`#;|&>]*)/g;
/** Launchers that start a script in processes of their own, with options before it. */
const launched =
  /(?:^|[\s`$>"'(]|&&|;)((?:uv run |poetry run |pixi run |pipenv run )?(?:torchrun|accelerate +launch|deepspeed|ipython|python3? +-m +(?:torch\.distributed\.(?:run|launch)|accelerate\.commands\.launch))(?= )[^\n`#;|&>]*?[ /]([\w./-]+\.py)\b[^\n`#;|&>]*)/g;
/** What stands in an argument for a value of the reader's own. */
const placeholder = /[<>{}[\]]|\$|\.\.\.|…|\/path\/|path\/to|YOUR|your_|xxx/i;

/** All commands of these files that start a script of the project, in the files' order. */
export function commandLinesIn(files: readonly ProjectFile[], paths: ReadonlySet<string>): readonly CommandLine[] {
  return files.flatMap((file) => linesOf(file, paths));
}

function linesOf({ path, text }: ProjectFile, paths: ReadonlySet<string>): CommandLine[] {
  const found: CommandLine[] = [];
  const variables = isProgram(path) ? variablesOf(text) : new Map<string, string>();
  let entered = '.';
  // A command that goes on behind a backslash is one line.
  for (const written of text.replace(/\\\r?\n\s*/g, ' ').split(/\r?\n/)) {
    const line = isProgram(path) ? filledIn(written, variables) : written;
    if (/^\s*(?:```|~~~)/.test(line)) entered = '.';
    const cd = /(?:^|[\s`$]|&&|;)cd +([\w./-]+)/.exec(line)?.[1];
    if (cd !== undefined) entered = joined(entered, cd) ?? '.';
    for (const [, command = '', target = ''] of [...line.matchAll(starts), ...line.matchAll(launched)]) {
      const place = placeOf(target.trim(), [joined(folderOf(path), entered), folderOf(path), entered, '.'], paths);
      if (place === undefined) continue;
      found.push({ argv: argvOf(command), ...place, from: path });
    }
  }
  return found;
}

/** Whether a file is run as it stands, so that its variables have the values that it gives them. */
function isProgram(path: string): boolean {
  return /\.sh$|(?:^|\/)makefile$/i.test(path);
}

/** What a shell script or a Makefile sets, as `LR=0.1`, `export LR=0.1` or `LR ?= 0.1`, by name; the last one counts. */
function variablesOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/^[ \t]*(?:export +|local +)?(\w+)(?:=| *[?:]?= *)(.*)$/gm)) {
    found.set(name, filledIn(value.replace(/ +#.*$/, '').trim(), found).replace(/^(["'])(.*)\1$/, '$2'));
  }
  return found;
}

/** The line with the values of its variables, and without the arguments that its caller may add. */
function filledIn(line: string, variables: ReadonlyMap<string, string>): string {
  const value = (whole: string, name: string) => variables.get(name) ?? whole;
  return line
    .replace(/\s+["']?\$(?:[@*]|\{[@*]\})["']?/g, '')
    .replace(/"?\$\{(\w+):?-([^}]*)\}"?/g, (_, name: string, fallback: string) => variables.get(name) ?? fallback)
    .replace(/"?\$\{(\w+)\}"?/g, value)
    .replace(/\$\((\w+)\)/g, value)
    .replace(/"?\$(\w+)"?/g, value);
}

/** The script that a command means, and the folder in which it means it: the first where there is such a file. */
function placeOf(
  target: string,
  folders: readonly (string | undefined)[],
  paths: ReadonlySet<string>,
): { readonly script: string; readonly folder: string } | undefined {
  for (const folder of folders) {
    if (folder === undefined) continue;
    for (const name of namesOf(target)) {
      const script = joined(folder, name);
      if (script !== undefined && paths.has(script)) return { script, folder };
    }
  }
  return undefined;
}

/** The files that a script or a `-m` module may be, from the folder in which the command is typed. */
export function namesOf(target: string): readonly string[] {
  const [, module] = /^-m +([\w.]+)$/.exec(target) ?? [];
  if (module === undefined) return [target];
  const path = module.replaceAll('.', '/');
  return [`${path}.py`, `${path}/__main__.py`, `src/${path}.py`, `src/${path}/__main__.py`];
}

function argvOf(command: string): Argv | undefined {
  const text = command
    .replace(/^(?:uv|poetry|pixi|pipenv|conda) run (?:-n \S+ )?/, '')
    .replace(/^python[\d.]*/, 'python')
    .replace(/["')\]]*\s*\.?\s*$/, (end) =>
      /^["']/.test(end) && hasOpenQuote(command, end.charAt(0)) ? end.charAt(0) : '',
    )
    .trim();
  if (placeholder.test(text)) return undefined;
  const reading = readArgv(text);
  return reading.kind === 'read' ? reading.value : undefined;
}

/** Whether a quote at the end closes one of the command itself. */
function hasOpenQuote(command: string, quote: string): boolean {
  return (command.split(quote).length - 1) % 2 === 0;
}
