/**
 * The brief of a karpathy-shaped folder: a `program.md` of prose alone, beside the script that it speaks of.
 *
 * https://github.com/karpathy/autoresearch is the first of them: `train.py` prints `val_bpb`, `prepare.py` has `TIME_BUDGET`.
 * Forks have other metrics, files and times, which their prose names. What is assumed here is told to the owner, each with
 * the line of front matter that changes it.
 */

import { BriefError } from '../base/errors.ts';
import { literalPattern } from '../base/literal-pattern.ts';
import type { Goal } from '../base/metric.ts';
import { goalInName } from '../base/metric-direction.ts';
import { quoted } from '../base/read-result.ts';
import { singleQuoted } from '../base/yaml-text.ts';
import { writeDuration } from '../journal/settings/parse-duration.ts';
import { type Brief, briefSchema, type GivenBrief } from './brief.ts';
import { editableFiles } from './karpathy/edit-files.ts';
import { metricNames, type NamedMetric, prints, type Source } from './karpathy/metric-name.ts';
import { plainDirection } from './karpathy/plain-direction.ts';
import { budgetInProse, findTimeBudget } from './karpathy/time-budget.ts';
import { type TrainCommand, trainCommand } from './karpathy/train-command.ts';
import { goalOf } from './metric-goal.ts';
import { directionsInProse } from './prose-direction.ts';

/** What there is in the folder. */
export interface KarpathyFolder {
  readonly programText: string;
  /** The brief's name in errors (default: program.md). */
  readonly where?: string;
  /** The folder's own name, which prose may put before a file's. */
  readonly name: string;
  /** The files of the folder by their paths in it; scripts with their text, others without. */
  readonly texts: Readonly<Record<string, string | undefined>>;
  /** The ledger beside the brief: its metric, and which way its decisions go, where they show one. */
  readonly ledger?: { readonly metric: string; readonly goal: Goal | undefined } | undefined;
  readonly files: {
    /** The interpreter of the folder's `.venv`, as a path that runs can start from their own clean folders. */
    readonly venvPython?: string | undefined;
    readonly pyproject: boolean;
    /** Whether the `uv` command is installed. */
    readonly uv: boolean;
  };
}

/** Something that no front matter says: the line that would say it, and where it is from. */
export interface Assumption {
  readonly line: string;
  readonly why: string;
}

/** The brief that such a folder stands for, and what was assumed for it. */
export interface AssumedBrief {
  readonly brief: Brief;
  readonly assumed: readonly Assumption[];
}

/** The brief of the folder. Throws a BriefError where its metric, its direction, its script or its time is not plain. */
export function karpathyBrief(folder: KarpathyFolder): AssumedBrief {
  const prose = folder.programText
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
    .trim();
  const files = Object.keys(folder.texts);
  const command = trainCommand(prose, files, folder.name);
  const editable = editableFiles(prose, files, folder.name);
  if (!files.some((file) => file.endsWith('.py')) && command === undefined) throw noScript(folder.where);
  const metric = metricOf(folder, prose);
  const script =
    command?.file ??
    scriptThatPrints(
      folder.texts,
      metric.name,
      editable.map(({ file }) => file),
    );
  if (script === undefined) throw noScript(folder.where);
  const edit = editable.length > 0 ? editable.map(({ file }) => file) : scriptsToTrain(files, script, folder.where);
  const { goal, why } = directionOf(folder, prose, metric.name);
  const budget = budgetOf(folder, prose, script);
  const commands = commandsFor(folder.files, command, script);
  const brief = briefSchema.parse({
    prose,
    form: 'karpathy',
    ...commands,
    ...(edit.join() === 'train.py' ? {} : { edit }),
    metric: { name: metric.name, goal, ...(metric.pattern === undefined ? {} : { pattern: metric.pattern }) },
    budgetSeconds: budget?.seconds,
  } satisfies GivenBrief);
  return {
    brief,
    assumed: [
      { line: metricLine(metric), why: metric.why },
      { line: `goal: ${goal}`, why },
      {
        line: `edit: [${brief.edit.join(', ')}]`,
        why: editable[0] ? `program.md line ${editable[0].line}` : 'the script',
      },
      {
        line: `train: ${brief.train.map((word) => (/^[\w./@%+=:,-]+$/.test(word) ? word : JSON.stringify(word))).join(' ')}`,
        why: command ? `program.md line ${command.line}` : 'the script that prints the metric',
      },
      {
        line: `budget: ${writeDuration(brief.budgetSeconds)}`,
        why: budget?.why ?? 'the default: nothing in the folder says it',
      },
    ],
  };
}

/** `train.py`, else the script of the folder that prints the metric: one to edit first, one that only grades last. */
function scriptThatPrints(
  texts: KarpathyFolder['texts'],
  metric: string,
  editable: readonly string[],
): string | undefined {
  if ('train.py' in texts) return 'train.py';
  const printing = Object.entries(texts).flatMap(([file, text]) => {
    const isOwn = !file.includes('/') || editable.includes(file);
    return isOwn && text !== undefined && prints(text, metric) ? [file] : [];
  });
  const orders = [(file: string) => editable.includes(file), (file: string) => /^(?:train|run)/.test(file), () => true];
  return orders.map((isFirst) => printing.find(isFirst)).find((file) => file !== undefined);
}

/** Where the prose lets nothing be edited: `train.py`, or the script that trains. A script that only grades is no such file. */
function scriptsToTrain(files: readonly string[], script: string, where = 'program.md'): readonly string[] {
  if (files.includes('train.py')) return ['train.py'];
  if (/(?:^|\/)train\w*\.py$/.test(script)) return [script];
  throw new BriefError(`${where} has no front matter, and names no file beside it that may be edited`, {
    hint: 'Begin program.md with `---`, lines `metric: <name>`, `goal: …`, `edit: [<file>]` and `train: <command>`, and another `---`.',
  });
}

/** In single quotes, YAML leaves a backslash as it is. */
function metricLine({ name, pattern }: FoundMetric): string {
  return pattern === undefined ? `metric: ${name}` : `metric: { name: ${name}, pattern: ${singleQuoted(pattern)} }`;
}

function noScript(where = 'program.md'): BriefError {
  return new BriefError(
    `${where} must begin with front matter between two \`---\` lines or speak of a script beside it, found neither`,
    {
      hint: 'Begin program.md with `---`, lines `metric: <name>`, `goal: …`, `edit: [<file>]` and `train: <command>`, and another `---`.',
    },
  );
}

const sourceNames: Readonly<Record<Source, string>> = {
  grep: 'its grep',
  header: 'the header of its ledger',
  ledger: 'the ledger beside it',
  block: 'the results it shows',
  prose: 'its prose',
  script: 'what the scripts print',
};

interface FoundMetric {
  readonly name: string;
  readonly why: string;
  readonly pattern: string | undefined;
}

/** The first name that two places agree on, else `val_bpb`, where a script prints it. */
function metricOf({ texts, ledger, where }: KarpathyFolder, prose: string): FoundMetric {
  const scripts = Object.values(texts).filter((text) => text !== undefined);
  const names = metricNames({ prose, ledgerMetric: ledger?.metric, scripts });
  const agreed = names.find(({ sources }) => sources.length >= 2);
  const isOwn = scripts.some((text) => text.includes('val_bpb'));
  if (agreed === undefined && isOwn) return { name: 'val_bpb', why: 'train.py prints it', pattern: undefined };
  if (agreed === undefined) throw noMetric(names, where);
  const { name, sources, line } = agreed;
  const places = sources.map((source) => sourceNames[source]).join(', ');
  const why = `${places}${line === undefined ? '' : `; program.md line ${line}`}`;
  return { name, why, pattern: name === 'val_bpb' && isOwn ? undefined : patternOf(name, scripts) };
}

/** Scripts of autoresearch print a block behind `---`, which is read without one. */
function patternOf(name: string, scripts: readonly string[]): string | undefined {
  const isInBlock = scripts.some((text) => /["']---(?:\\n)?["']/.test(text) && prints(text, name));
  return isInBlock ? undefined : `(?:^|[\\s|,;(])${literalPattern(name)}\\s*[:=]\\s*([-+\\w.,]*[-+\\w.])`;
}

function noMetric(names: readonly NamedMetric[], where = 'program.md'): BriefError {
  const shown = names
    .slice(0, 3)
    .map(({ name, sources }) => `${quoted(name)} in ${sources.map((source) => sourceNames[source]).join(', ')}`);
  const found = shown.length === 0 ? 'found none' : `found ${shown.join('; ')}`;
  return new BriefError(`${where} has no front matter, and its metric must be named in two places, ${found}`, {
    hint: 'Begin program.md with `---`, a line `metric: <name>`, a line `goal: minimize` or `goal: maximize`, and another `---`.',
  });
}

/** The direction that the name says, else that all of the prose says, else that the ledger shows. */
function directionOf(
  { ledger, where = 'program.md' }: KarpathyFolder,
  prose: string,
  name: string,
): { goal: Goal; why: string } {
  const said = new Set(directionsInProse(prose, name).map(({ goal }) => goal));
  const [only] = said;
  const inName = goalInName(name);
  const fromProse =
    said.size === 0 && inName === undefined ? plainDirection(prose, name) : said.size === 1 ? only : undefined;
  const given = inName ?? fromProse ?? ledger?.goal;
  const whereProse = () => where;
  const goal = goalOf({
    name,
    ...(inName === undefined && given !== undefined ? { given } : {}),
    prose,
    whereMetric: where,
    whereProse,
  });
  return {
    goal,
    why: inName !== undefined ? 'its name' : fromProse !== undefined ? 'the prose' : 'the ledger beside it',
  };
}

/** `prepare.py` comes first, then the script itself, then files that hold settings, then all others. */
function budgetOf(
  { texts }: KarpathyFolder,
  prose: string,
  script: string,
): { readonly seconds: number; readonly why: string } | undefined {
  const first = ['prepare.py', script, 'config.py', 'constants.py', 'settings.py'];
  const inOrder = [...first, ...Object.keys(texts).filter((file) => !first.includes(file) && /^[^/]+\.py$/.test(file))];
  const scripts = inOrder.flatMap((file) => (texts[file] === undefined ? [] : [[file, texts[file]] as const]));
  const found = findTimeBudget(Object.fromEntries(scripts));
  if (found) return { seconds: found.seconds, why: `${found.file} line ${found.line}` };
  const said = budgetInProse(prose);
  return said && { seconds: said.seconds, why: `program.md line ${said.line}` };
}

function commandsFor(
  { venvPython, pyproject, uv }: KarpathyFolder['files'],
  command: TrainCommand | undefined,
  script: string,
): Pick<GivenBrief, 'prepare' | 'train'> {
  const words = pythonWords(command?.words ?? [script]);
  const isOwn = words.join(' ') === 'python train.py';
  // `uv sync` makes the base folder's `.venv`, which is linked into every run's folder like all that prepare leaves.
  if (venvPython === undefined && pyproject && uv && words[0] === 'python') {
    return { prepare: ['uv', 'sync'], train: ['.venv/bin/python', ...words.slice(1)] };
  }
  // `python` means the project's own .venv when there is one, wherever the project is moved to.
  return isOwn ? {} : { train: words };
}

/** `uv run train.py`, `python3 train.py` and `.venv/bin/python train.py` are all `python train.py`. */
function pythonWords(words: readonly string[]): readonly string[] {
  const [first = '', second = ''] = words;
  if (first === 'uv') {
    const rest = words
      .slice(second === 'run' ? 2 : 1)
      .filter((word) => !/^--(?:frozen|no-sync|quiet|active)$/.test(word));
    return rest[0]?.startsWith('python') ? ['python', ...rest.slice(1)] : ['python', ...rest];
  }
  if (/(?:^|\/)python3?$/.test(first)) return ['python', ...words.slice(1)];
  return first.endsWith('.py') ? ['python', ...words] : words;
}
