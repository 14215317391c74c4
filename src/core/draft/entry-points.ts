/**
 * Finds the entry points of a project: the commands with which it may train, the likeliest first.
 *
 * It reads names and text only. What a command does is for the dry run to say.
 */
import { baseOf } from '../base/path-text.ts';
import type { Argv } from '../journal/settings/argv.ts';
import { type CommandLine, commandLinesIn, namesOf } from './command-lines.ts';
import { importsOf } from './imports.ts';
import { folderOf, type ProjectFile } from './project-files.ts';

/** One way to start a script. */
export interface Start {
  readonly argv: Argv;
  /** The folder in which it starts, from the top of what is looked at. */
  readonly folder: string;
  /** Who says so, as the end of "from …"; absent for the script's plain name. */
  readonly from?: string;
}

/** A script with which the project may train. */
export interface EntryPoint {
  /** The script's path, from the top of what is looked at. */
  readonly script: string;
  /** How likely it is that it trains; only the order says something. */
  readonly likelihood: number;
  /** Ways to start it, the plainest first. */
  readonly starts: readonly Start[];
}

/** Below this a file is no training script. */
const minLikelihood = 30;

/**
 * The entry points among a project's files, the likeliest first. `paths` are all files; `files` those whose text is known.
 */
export function findEntryPoints(files: readonly ProjectFile[], paths: readonly string[]): readonly EntryPoint[] {
  const known = new Set(paths);
  const commands = commandLinesIn(
    files.filter(({ path }) => isInstruction(path)),
    known,
  );
  const consoles = consoleScriptsIn(files, known);
  const scripts = files.filter(({ path }) => isScript(path));
  const shownFirst = commands[0]?.script;
  const byPath = new Map(files.map((file) => [file.path, file]));
  const imported = new Set(scripts.flatMap((file) => (isGuarded(file) ? importsOf(file, byPath) : [])));
  const found = scripts.map((file): EntryPoint & { readonly file: ProjectFile } => {
    const own = commands.filter(({ script }) => script === file.path);
    const console = consoles.find(({ script }) => script === file.path);
    // What another program imports, and no guard makes a program of, is the other one's method.
    const isPart = imported.has(file.path) && !isGuarded(file);
    const likelihood =
      likelihoodOf(file, own) +
      (console === undefined ? 0 : 20) -
      (isPart ? 40 : 0) +
      (file.path === shownFirst ? 5 : 0);
    return { file, script: file.path, likelihood, starts: startsOf(file, own, console) };
  });
  const likely = found.filter(({ likelihood }) => likelihood >= minLikelihood);
  // `model.py` beside `train.py` is a helper; alone it may be the whole project.
  const chosen = likely.length > 0 ? likely : found.filter(({ file }) => trainsByItself(file));
  return chosen
    .sort((a, b) => b.likelihood - a.likelihood || (a.script < b.script ? -1 : 1))
    .map(({ script, likelihood, starts }) => ({ script, likelihood, starts }));
}

/** Whether the text alone, whatever its name is, says that a file is a program that trains something. */
function trainsByItself({ path, text }: ProjectFile): boolean {
  return path.endsWith('.py') && !sideFolders.test(path) && trains.test(text) && contentOf(path, text) >= 30;
}

/** Whether a file may say how the project's scripts are started. */
export function isInstruction(path: string): boolean {
  const name = baseOf(path);
  return /^readme|^usage|^getting.?started|^makefile$|^justfile$|\.sh$|^(?:package|pixi)\.(?:json|toml)$/i.test(name);
}

const languages = /\.(?:py|ipynb|jl|R|mjs|js|rb|lua)$/;

/** Whether a file may be a training script by its name. */
export function isScript(path: string): boolean {
  const name = baseOf(path);
  if (!languages.test(name) || /(?:^|\/)(?:\.|node_modules\/|site-packages\/|venv\/|build\/|dist\/)/.test(path))
    return false;
  return !/^(?:setup|conftest|noxfile|tasks|fabfile|versioneer|__init__)\.py$|^test_|_test\.\w+$/.test(name);
}

const names: readonly (readonly [RegExp, number])[] = [
  [/^train$/i, 50],
  [/^(?:main|__main__|run|experiment|fit)$/i, 25],
  [/(?:^|[_-])(?:train|training|trainer|finetune|pretrain|fit)(?:$|[_-])/i, 35],
  [/(?:^|[_-])(?:main|run|experiment|benchmark)(?:$|[_-])/i, 15],
];
const helpers =
  /(?:^|[_-])(?:eval|evaluate|evaluation|test|tests|predict|inference|infer|sample|generate|serve|server|prepare|download|preprocess|plot|visuali[sz]e|utils?|helpers?|export|convert|demo|app|data|dataset|config|model|models|metrics|losses|score|scorer|sweep)(?:$|[_-])/i;
const sideFolders = /(?:^|\/)(?:tests?|docs?|scripts\/ci|benchmarks?|tools|third_party|vendor|deploy)\//i;

function likelihoodOf({ path, text }: ProjectFile, commands: readonly CommandLine[]): number {
  const stem = baseOf(path).replace(/\.\w+$/, '');
  const named = names.find(([pattern]) => pattern.test(stem))?.[1] ?? 0;
  const place = path.split('/').length - 1;
  return (
    named +
    contentOf(path, text) +
    (commands.length > 0 ? 30 : 0) -
    5 * place -
    (helpers.test(stem) && named < 35 && !isNotebook(path) ? 30 : 0) -
    (isNotebook(path) ? 10 : 0) -
    (sideFolders.test(path) ? 25 : 0) -
    (/(?:^|\/)examples?\//i.test(path) ? 10 : 0)
  );
}

function isGuarded({ text }: ProjectFile): boolean {
  return /__name__\s*==\s*['"]__main__['"]/.test(text);
}

const libraries =
  /^\s*(?:import|from)\s+(?:torch|tensorflow|keras|jax|flax|sklearn|xgboost|lightgbm|catboost|transformers|pytorch_lightning|lightning|statsmodels|mxnet|paddle|fastai|timm|trl|peft|optax|tinygrad)\b/m;
const trains =
  /\.fit\(|\.backward\(|\.train\(|optimizer\.step|opt\.step|value_and_grad|\bTrainer\(|\btrain_loop\b|\bdef train|partial_fit|\bepochs?\b|\blr\b|learning_rate|LEARNING_RATE/i;

/** What the text says: a training library, a training loop, a program of its own. */
function contentOf(path: string, text: string): number {
  if (!path.endsWith('.py') && !isNotebook(path)) return trains.test(text) ? 15 : 0;
  const isProgram =
    isNotebook(path) ||
    /__name__\s*==\s*['"]__main__['"]|@hydra\.main|@app\.(?:command|main)|^[\w.]+\(|^(?:for|while|with)\b/m.test(text);
  const hasFlags = /\b(?:argparse|click|typer|fire|tyro|absl|hydra|simple_parsing|draccus|jsonargparse)\b/.test(text);
  return (
    (libraries.test(text) ? 15 : /^\s*(?:import|from)\s+numpy\b/m.test(text) ? 5 : 0) +
    (trains.test(text) ? 15 : 0) +
    (isProgram ? 15 : -20) +
    (hasFlags ? 5 : 0) +
    (/METRIC |NOCTURNE_|val_(?:loss|acc|bpb|score)|print\(/.test(text) ? 5 : 0)
  );
}

function startsOf(
  { path, text }: ProjectFile,
  commands: readonly CommandLine[],
  console: ConsoleScript | undefined,
): Start[] {
  const isModule = /^\s*from\s+\.+\w*\s+import\b/m.test(text) || baseOf(path) === '__main__.py';
  const plain: Start[] = isModule || !path.endsWith('.py') ? [] : [{ argv: [commandFor(path), path], folder: '.' }];
  const said = commands.flatMap(({ argv, folder, from }) => (argv === undefined ? [] : [{ argv, folder, from }]));
  const modules = isModule ? moduleStarts(path) : [];
  const others: Start[] = path.endsWith('.py') ? [] : [{ argv: argvOf(path), folder: '.' }];
  const inPlace: Start[] =
    path.includes('/') && !isModule ? [{ argv: argvOf(baseOf(path)), folder: folderOf(path) }] : [];
  const entry: Start[] = console === undefined ? [] : [{ argv: console.argv, folder: '.', from: 'pyproject.toml' }];
  const commanded = [...plain, ...modules].flatMap((start) =>
    subcommands(text).map((name) => ({ ...start, argv: [...start.argv, name] })),
  );
  return distinct([...plain, ...modules, ...others, ...said, ...commanded, ...entry, ...inPlace]);
}

/** Commands within a program that may train: methods that fire shows, and commands of click's and typer's groups. */
function subcommands(text: string): readonly string[] {
  if (!/^\s*(?:import|from)\s+(?:fire|click|typer)\b/m.test(text)) return [];
  const methods = /\bfire\.Fire\(\s*\w/.test(text) ? [...text.matchAll(/^[ \t]+def (\w+)\(\s*self\b/gm)] : [];
  const commands = [...text.matchAll(/^@\w+\.command\([^\n]*\n(?:@[^\n]*\n|[ \t)][^\n]*\n)*(?:async )?def (\w+)\(/gm)];
  return [...methods, ...commands]
    .map(([, name = '']) => name)
    .filter((name) => /^(?:train|training|fit|run|main|pretrain|finetune)(?:$|_)/.test(name))
    .map((name) => (methods.length > 0 ? name : name.replaceAll('_', '-')));
}

/** A notebook is executed cell by cell, and is a command by itself. Its name says less than a script's: many are demos. */
function isNotebook(path: string): boolean {
  return path.endsWith('.ipynb');
}

function argvOf(path: string): Argv {
  return isNotebook(path) ? [path] : [commandFor(path), path];
}

function commandFor(path: string): string {
  if (path.endsWith('.py')) return 'python';
  if (path.endsWith('.jl')) return 'julia';
  if (path.endsWith('.R')) return 'Rscript';
  if (path.endsWith('.rb')) return 'ruby';
  return path.endsWith('.lua') ? 'lua' : 'node';
}

/** A script that imports its neighbours by a leading dot starts as a module only. */
function moduleStarts(path: string): Start[] {
  const parts = path.replace(/(?:\/__main__)?\.py$/, '').split('/');
  if (parts.length < 2 && !path.endsWith('__main__.py')) return [];
  const inside = parts[0] === 'src' ? parts.slice(1) : parts;
  return [{ argv: ['python', '-m', inside.join('.')], folder: '.' }];
}

function distinct(starts: readonly Start[]): Start[] {
  const keys = starts.map(({ argv, folder }) => JSON.stringify([argv, folder]));
  return starts.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
}

interface ConsoleScript {
  readonly script: string;
  readonly argv: Argv;
}

/** The functions that `pyproject.toml` installs as commands, each called without the installation. */
function consoleScriptsIn(files: readonly ProjectFile[], known: ReadonlySet<string>): readonly ConsoleScript[] {
  const text = files.find(({ path }) => path === 'pyproject.toml')?.text ?? '';
  const table = /^\[(?:project|tool\.poetry)\.scripts\]\s*\n((?:(?!\[).*\n?)*)/m.exec(text)?.[1] ?? '';
  return [...table.matchAll(/^\s*["']?([\w.-]+)["']?\s*=\s*["']([\w.]+):(\w+)["']/gm)].flatMap(
    ([, , module = '', name = '']) => {
      const script = namesOf(`-m ${module}`).find((path) => known.has(path));
      return script === undefined
        ? []
        : [{ script, argv: ['python', '-c', `from ${module} import ${name}; ${name}()`] }];
    },
  );
}
