/** Hands cheats in to a real study, as its owner would, and reads what became of each from its journal. */
import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { readJournal } from '../../src/adapters/archive/read-journal.ts';
import { ArchiveError } from '../../src/core/base/errors.ts';
import type { Entry, EntryOf } from '../../src/core/journal/entry.ts';
import type { Cheat, End, Isolation, Sandbox } from './cheat.ts';
import { harmsOf, ownersKey } from './harms.ts';
import { layProject } from './lay-project.ts';

/** What became of a cheat. */
export interface Row {
  readonly name: string;
  readonly sandbox: Sandbox;
  /** The tier of isolation that its runs had. */
  readonly tier: string;
  readonly end: End;
  /** The first line of the reason. */
  readonly why: string;
  /** Who vouches for its score. */
  readonly vouched?: string;
  readonly score?: number;
}

export interface StudyOptions {
  readonly sandbox: Sandbox;
  readonly isolation: Isolation;
  /** The interpreter that runs use. */
  readonly python: string;
  /** The command that is tested, and the folder of the sandboxes that it ships. */
  readonly command: readonly [node: string, program: string];
  readonly sandboxes: string;
}

/** A project whose study `s` has measured its baseline, to be copied. */
export interface Template extends StudyOptions {
  readonly folder: string;
  readonly remove: () => void;
}

/** Lays the project out and measures its baseline. */
export async function prepareTemplate(options: StudyOptions): Promise<Template> {
  const folder = newFolder();
  const project = join(folder, 'project');
  layProject(project, options);
  const child = nocturne(folder, options, [
    'run',
    '--tag',
    's',
    '--plain',
    '--researcher',
    'owner',
    ...flagsOf(options),
  ]);
  let said = '';
  child.stderr?.on('data', (data) => {
    said += data;
    if (said.includes('Waiting for an experiment')) child.kill('SIGTERM');
  });
  await child;
  if (!said.includes('Waiting for an experiment')) throw new Error(`the baseline was not measured:\n${said}`);
  return { ...options, folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What became of cheats, and what their studies were left with. */
export interface Judged {
  readonly rows: readonly Row[];
  /** What was left behind that is not the runs' own; which of several cheats did it cannot be said. */
  readonly harms: readonly string[];
}

/**
 * What becomes of these cheats, in their order, in as few studies as it takes: after one that was kept, or that stopped
 * the study, the others are handed in to a fresh copy of it; so is one at which it stopped, where one before it may be why.
 * `tell` hears of the rows of each study when it has ended.
 */
export async function judgeCheats(
  template: Template,
  cheats: readonly Cheat[],
  tell: (rows: readonly Row[]) => void = () => {},
): Promise<Judged> {
  const rows: Row[] = [];
  const harms: string[] = [];
  for (let pending = cheats; pending.length > 0; pending = cheats.slice(rows.length)) {
    const together = await judgeInOneStudy(template, pending);
    // Nothing can be said of several when their journal cannot be read.
    const isBroken = pending.length > 1 && together.rows.some(({ end }) => end === 'broken');
    const judged = isBroken ? await judgeInOneStudy(template, pending.slice(0, 1)) : together;
    const certain = judged.rows.filter(({ end }, index) => end !== 'stopped' || index === 0);
    tell(certain);
    rows.push(...certain);
    harms.push(...judged.harms);
  }
  return { rows, harms };
}

/** Judges at least the first. */
async function judgeInOneStudy(template: Template, cheats: readonly Cheat[]): Promise<Judged> {
  const folder = newFolder();
  try {
    cpSync(template.folder, folder, { recursive: true, verbatimSymlinks: true });
    const before = harmsOf(folder);
    const refusals = await handIn(folder, template, cheats);
    const count = cheats.length - refusals.size;
    const run = ['run', '--tag', 's', '--plain', '--max-experiments', String(count), ...flagsOf(template)];
    const said = count === 0 ? undefined : await nocturne(folder, template, run);
    // No cheat is to be taken for the one that stopped the study.
    if (said?.timedOut)
      throw new Error(`a study of ${count} cheats took more than ${limitSeconds} s, on a machine that is too busy`);
    const checked = await nocturne(folder, template, ['check', '--tag', 's']);
    const troubles = checked.exitCode === 0 ? [] : [`check: ${firstLine(checked.stderr || checked.stdout)}`];
    const rows = readRows({ project: join(folder, 'project'), cheats, refusals, said: said?.stderr ?? '' });
    return { rows, harms: [...harmsOf(folder, before), ...troubles] };
  } finally {
    for (const each of [folder, ...sharedNotes]) rmSync(each, { recursive: true, force: true });
  }
}

/** Where cheats of one study leave notes for those of another. */
const sharedNotes = ['/tmp', '/dev/shm'].map((folder) => join(folder, 'nocturne-cheat-notes.bin'));

/** Hands all in; gives the first line of what was said to those that were refused, by name. */
async function handIn(
  folder: string,
  template: Template,
  cheats: readonly Cheat[],
): Promise<ReadonlyMap<string, string>> {
  const refused = new Map<string, string>();
  for (const { name, script } of cheats) {
    const file = join(folder, `${name}.py`);
    writeFileSync(file, script(template.sandboxes));
    const said = await nocturne(folder, template, ['try', '--from', '0', '--title', name, file]);
    if (said.exitCode === 2) refused.set(name, firstLine(said.stderr).replace(/^nocturne: /, ''));
    else if (said.exitCode !== 0) throw new Error(`${name} was not handed in:\n${said.stderr}`);
  }
  return refused;
}

interface Reading {
  readonly project: string;
  readonly cheats: readonly Cheat[];
  readonly refusals: ReadonlyMap<string, string>;
  /** What the session said on its error output. */
  readonly said: string;
}

/** The rows up to the first cheat that was kept, or that has no verdict because the study stopped at it. */
function readRows({ project, cheats, refusals, said }: Reading): Row[] {
  const [first] = cheats;
  const journal = readWhole(project);
  if (typeof journal === 'string')
    return first ? [{ name: first.name, sandbox: first.sandbox, tier: '?', end: 'broken', why: journal }] : [];
  const tier = journal.findLast(isSession)?.isolation ?? 'none';
  const rows: Row[] = [];
  for (const { name, sandbox } of cheats) {
    const refusal = refusals.get(name);
    const found = refusal === undefined ? verdictOf(journal, name) : { end: 'refused' as const, why: refusal };
    rows.push({ name, sandbox, tier, ...(found ?? { end: 'stopped', why: stopSentence(said) }) });
    if (found === undefined || found.end === 'kept') break;
  }
  return rows;
}

/** The journal, or why it cannot be read. */
function readWhole(project: string): readonly Entry[] | string {
  try {
    return [...readJournal(join(project, 'runs', 's', 'journal.jsonl'))];
  } catch (error) {
    if (error instanceof ArchiveError) return firstLine(error.message);
    throw error;
  }
}

function isSession(entry: Entry): entry is EntryOf<'study-started' | 'study-resumed'> {
  return entry.event === 'study-started' || entry.event === 'study-resumed';
}

function verdictOf(
  journal: readonly Entry[],
  name: string,
): Pick<Row, 'end' | 'why' | 'vouched' | 'score'> | undefined {
  const of = <Event extends Entry['event']>(event: Event) =>
    journal.filter((entry): entry is EntryOf<Event> => entry.event === event);
  const experiment = of('proposal-made').find(({ proposal }) => proposal.title === name)?.experiment;
  const verdict = of('verdict-given').findLast((entry) => entry.experiment === experiment)?.verdict;
  if (experiment === undefined || verdict === undefined || verdict.decision === 'rerun') return undefined;
  const measurement = of('run-ended').findLast((entry) => entry.experiment === experiment)?.result.measurement;
  const why = firstLine(verdict.reason);
  if (measurement === undefined) return { end: 'failed', why };
  const { value: score, vouched } = measurement;
  return { end: verdict.decision === 'keep' ? 'kept' : 'reverted', why, score, vouched };
}

/** What the session said when it could not go on. */
function stopSentence(said: string): string {
  return firstLine(said.slice(Math.max(0, said.lastIndexOf('nocturne: '))));
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

function flagsOf({ isolation, python }: StudyOptions): string[] {
  return ['--python', python, ...(isolation === 'none' ? ['--no-isolation'] : [])];
}

/** A folder with the owner's home, a place for temporary files and the project, all open to other users as usual. */
function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nocturne-cheats-')));
  chmodSync(folder, 0o755);
  for (const name of ['home', 'tmp']) mkdirSync(join(folder, name), { recursive: true });
  return folder;
}

/** Of one command; a study of ten cheats takes a quarter of an hour on a machine that is busy. */
const limitSeconds = 3600;

function nocturne(folder: string, { python, command: [node, program] }: StudyOptions, args: readonly string[]) {
  return execa(node, [program, ...args], {
    cwd: join(folder, 'project'),
    env: {
      PATH: `${dirname(python)}${delimiter}${process.env.PATH}`,
      HOME: join(folder, 'home'),
      TMPDIR: join(folder, 'tmp'),
      LC_ALL: 'C',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      XDG_CACHE_HOME: '/nowhere/cache',
      OPENAI_API_KEY: ownersKey,
    },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 1000 * limitSeconds,
  });
}
