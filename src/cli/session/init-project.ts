/**
 * `nocturne init` in a project: finds the entry point, looks at it, asks what is open, and writes `program.md`.
 */
import { writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { exists } from '../../adapters/files/exists.ts';
import { readText } from '../../adapters/files/read-file.ts';
import { listProject, type Project, pathsBelow, readProjectTexts } from '../../adapters/project/list-project.ts';
import { SettingsError } from '../../core/base/errors.ts';
import type { Goal } from '../../core/base/metric.ts';
import { commandText } from '../../core/draft/draft.ts';
import { type EntryPoint, findEntryPoints } from '../../core/draft/entry-points.ts';
import { guessesOf, guessLines } from '../../core/draft/guess-lines.ts';
import type { MetricCandidate } from '../../core/draft/metric-candidates.ts';
import { joined } from '../../core/draft/project-files.ts';
import { type Argv, readArgv } from '../../core/journal/settings/argv.ts';
import { readDuration } from '../../core/journal/settings/parse-duration.ts';
import { asTyped } from '../terminal/as-typed.ts';
import { ask } from '../terminal/ask.ts';
import { printJson, say } from '../terminal/print.ts';
import { quoted } from '../terminal/quoted.ts';
import { listenForStop, type StopSignals } from '../terminal/stop-signals.ts';
import { draftBrief } from './draft-brief.ts';
import { isUntracked, type Look, lookAt } from './look-at-project.ts';

export interface ProjectFlags {
  readonly python?: string;
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly train?: string;
  readonly metric?: string;
  readonly goal?: string;
  readonly limit?: string;
  readonly budget?: string;
}

/** Writes the brief and says every guess. Throws a SettingsError where no study could be made of the project. */
export async function initProject(dir: string, flags: ProjectFlags): Promise<void> {
  const folder = resolve(dir);
  const path = join(folder, 'program.md');
  if (await exists(path)) {
    throw new SettingsError(`There is a program.md in ${folder} already.`, {
      hint: 'Use it with `nocturne run`, or choose an empty folder.',
    });
  }
  const asked = { name: flags.metric, goal: readGoal(flags.goal) };
  const limitSeconds = readSeconds('--limit', flags.limit ?? '2m');
  const budgetSeconds = flags.budget === undefined ? undefined : readSeconds('--budget', flags.budget);
  const project = await listProject(folder);
  const entries = await entriesOf(project, flags.train);
  const entry = await chooseEntry(entries, flags);
  const stop = listenForStop(say, async () => {});
  try {
    const [start] = entry.starts;
    say(`Running ${quotedCommand(start?.argv ?? [])} once in a clean copy, for at most ${limitSeconds} s …`);
    const look = await lookAt(entry, { project, python: flags.python, limitSeconds, signal: stop.signal, say });
    if (isInterrupted(stop)) return;
    const choose = (candidates: readonly MetricCandidate[]) => chooseMetric(candidates, flags);
    const drafted = await draftBrief({ look, project, asked, budgetSeconds, choose });
    if (isInterrupted(stop)) return;
    await writeFile(path, drafted.text, { flag: 'wx' });
    const ignored = await ignoreUnwanted(project);
    const others = {
      entryPoints: entries.filter(({ script }) => script !== entry.script),
      metrics: drafted.otherMetrics,
      adapted: [...look.adapted, ...ignored],
    };
    const guesses = guessesOf(drafted.draft, others);
    const next = nextCommand(dir, project, look, flags.python);
    if (flags.json) return printJson({ folder, brief: path, draft: drafted.draft, guesses, next });
    say(
      `Wrote ${dir === '.' ? 'program.md' : join(dir, 'program.md')} from what was seen. Each line is a guess, to be changed there:`,
    );
    for (const line of guessLines(guesses)) say(line);
    const hasKnobs = drafted.draft.knobs.some(({ range }) => range !== null);
    if (hasKnobs) say(`Next: ${next}`);
    else {
      say('No search can start yet: there is nothing to turn. Declare `knobs:` in');
      say(`program.md, or name a \`model:\` there. Then: ${next}`);
    }
  } finally {
    stop.dispose();
  }
}

/** Keeps environments and large files out of a first commit, by a line each in .gitignore; says so. */
async function ignoreUnwanted({ root, unwanted }: Project): Promise<readonly string[]> {
  if (unwanted.length === 0) return [];
  const path = join(root, '.gitignore');
  const before = (await readText(path)) ?? '';
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  await writeFile(path, `${before}${gap}${unwanted.map((each) => `/${each}`).join('\n')}\n`);
  return [
    `${unwanted.slice(0, 4).join(', ')} added to .gitignore, so that the first commit leaves out what is no code`,
  ];
}

/** Whether the owner has stopped it; the exit code then says so. */
function isInterrupted({ wasInterrupted }: StopSignals): boolean {
  if (wasInterrupted()) process.exitCode = 130;
  return wasInterrupted();
}

/** The direction of a flag. Throws a SettingsError for any other word. */
export function readGoal(text: string | undefined): Goal | undefined {
  if (text === undefined || text === 'minimize' || text === 'maximize') return text;
  throw new SettingsError(`--goal must be minimize or maximize, found \`${text}\`.`);
}

function readSeconds(flag: string, text: string): number {
  const reading = readDuration(text);
  if (reading.kind === 'read') return reading.value;
  throw new SettingsError(`${flag} must be ${reading.expected}, found ${JSON.stringify(text)}.`);
}

/** The entry points that were found, or the one that the owner names. */
async function entriesOf(project: Project, train: string | undefined): Promise<readonly EntryPoint[]> {
  const paths = pathsBelow(project);
  const found = findEntryPoints(await readProjectTexts(project, paths), paths);
  if (train === undefined) {
    if (found.length > 0) return found;
    throw new SettingsError(`No training script was found in ${project.folder}.`, {
      hint: 'Say how it trains: `nocturne init --train "python my_script.py"`. For the demo sandbox: `nocturne init --demo`.',
    });
  }
  const reading = readArgv(train);
  if (reading.kind === 'refused') {
    throw new SettingsError(`--train must be ${reading.expected}, found \`${reading.found ?? train}\`.`, {
      ...(reading.hint === undefined ? {} : { hint: reading.hint }),
    });
  }
  return [namedEntry(reading.value, paths, found), ...found];
}

/** The entry point of a command: the file that it names, as far as one of the project is named. */
function namedEntry(argv: Argv, paths: readonly string[], found: readonly EntryPoint[]): EntryPoint {
  const module = argv[argv.indexOf('-m') + 1]?.replaceAll('.', '/') ?? '';
  const isModule = argv.includes('-m');
  const script =
    argv.map((word) => joined('.', word)).find((word) => word !== undefined && paths.includes(word)) ??
    (isModule
      ? paths.find((path) => path.endsWith(`${module}.py`) || path.endsWith(`${module}/__main__.py`))
      : undefined) ??
    found[0]?.script;
  if (script === undefined) {
    throw new SettingsError(`--train names no file of the project, found \`${argv.join(' ')}\`.`, {
      hint: 'An experiment edits a file of the project: start one by its path, from the folder of the project.',
    });
  }
  return { script, likelihood: 1000, starts: [{ argv, folder: '.' }] };
}

/** Scripts as likely as this below the first are worth a question. */
const closeBy = 25;

async function chooseEntry(entries: readonly EntryPoint[], { yes, train }: ProjectFlags): Promise<EntryPoint> {
  const [best] = entries;
  if (best === undefined) throw new Error('Bug in nocturne: an entry point was found');
  const close = entries.filter(({ likelihood }) => likelihood > best.likelihood - closeBy).slice(0, 9);
  if (yes || train !== undefined || close.length === 1) return best;
  const lines = close.map(({ script }, index) => `  ${index + 1}  ${script}`);
  return pick(close, `These may train:\n${lines.join('\n')}\nWhich one? [1] `);
}

async function chooseMetric(candidates: readonly MetricCandidate[], { yes, metric }: ProjectFlags) {
  const [best] = candidates;
  if (best === undefined) throw new Error('Bug in nocturne: a score was found');
  if (yes || metric !== undefined) return best;
  const shown = candidates.slice(0, 9);
  const lines = shown.map(
    ({ name, goal, value }, index) => `  ${index + 1}  ${name} = ${value}${goal === undefined ? '' : `, ${goal}`}`,
  );
  return pick(shown, `Which is the score?\n${lines.join('\n')}\n[1] `);
}

/** The one whose number is typed; the first for any other answer, and where there is no terminal. */
async function pick<Item>(items: readonly [Item, ...Item[]] | readonly Item[], question: string): Promise<Item> {
  const answer = await ask(question);
  const chosen = items[Number(answer || '1') - 1] ?? items[0];
  if (chosen === undefined) throw new Error('Bug in nocturne: there is something to choose from');
  return chosen;
}

function quotedCommand(argv: Argv): string {
  return `\`${commandText(argv)}\``;
}

/** A command that starts the study as it is typed from where the owner stands. */
function nextCommand(dir: string, project: Project, look: Look, python: string | undefined): string {
  const { isRepository, head, changed, root } = project;
  const fresh = [
    ...look.setup.commit,
    ...(isUntracked(look.entry, project) ? [join(project.prefix, look.entry.script)] : []),
  ];
  const add = `git add ${[...new Set(fresh)].map((path) => quoted(`:/${path}`)).join(' ')}`;
  const steps = [
    ...(dir === '.' ? [] : [`cd ${quoted(dir)}`]),
    ...(isRepository ? [] : ['git init']),
    ...(head === undefined ? [`git add -A && git commit -m "start ${basename(root)}"`] : []),
    ...(fresh.length > 0 && head !== undefined ? [add] : []),
  ];
  const isAsItIs = head !== undefined && (changed.length > 0 || fresh.length > 0);
  const flags = `${isAsItIs ? ' --from worktree' : ''}${python === undefined ? '' : ` --python ${quoted(python)}`}`;
  return [...steps, asTyped(`nocturne run${flags}`, project.folder)].join(' && ');
}
