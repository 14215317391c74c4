/** The command line as its user has it: the real program in a process of its own, in a real project. */
import { ChildProcess } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { readJournal } from '../../src/adapters/archive/read-journal.ts';
import type { Entry, EntryOf } from '../../src/core/journal/entry.ts';
import { argumentsOf } from './cages.ts';
import { nocturneCommand } from './program.ts';
import { emptyRepo, type TemporaryRepo } from './temporary-repo.ts';

export interface Said {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export type Variables = Readonly<Record<string, string | undefined>>;

/** The folder of a fixture project. */
export function projectFixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/projects/${name}`, import.meta.url));
}

/** A repository with a fixture project in it, in one commit. */
export function project(name: string, into = '.'): TemporaryRepo {
  const repo = emptyRepo();
  cpSync(projectFixture(name), join(repo.root, into), { recursive: true });
  repo.commit('start');
  return repo;
}

/** How long a command may take, in milliseconds; a lane whose commands take long gives them longer. */
const usualLimit = Number(process.env.NOCTURNE_TEST_LIMIT ?? 100_000);

/** Runs the program to its end. */
export async function nocturne(
  folder: string,
  args: readonly string[],
  variables: Variables = {},
  limitMilliseconds?: number,
): Promise<Said> {
  const { exitCode, signal, stdout, stderr } = await start(folder, args, variables, limitMilliseconds);
  return { exitCode, signal, stdout, stderr };
}

export interface Running {
  readonly pid: number;
  /** Resolves as soon as the program has printed this, with all that it has printed. */
  readonly until: (text: string) => Promise<string>;
  /** Hears every whole line of its standard output. */
  readonly onLine: (hear: (line: string) => void) => void;
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly end: Promise<Said>;
}

/** Starts the program and leaves it running; it ends with the test at the latest. */
export function startNocturne(
  folder: string,
  args: readonly string[],
  variables: Variables = {},
  limitMilliseconds?: number,
): Running {
  const child = start(folder, args, variables, limitMilliseconds);
  onTestFinished(() => void child.kill('SIGKILL'));
  let printed = '';
  let look = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data) => {
      printed += data;
      look();
    });
  }
  const until = (text: string) =>
    new Promise<string>((resolve, reject) => {
      look = () => printed.includes(text) && resolve(printed);
      look();
      child.then(() => reject(new Error(`it ended without printing ${text}:\n${printed}`)), reject);
    });
  return {
    pid: child.pid ?? 0,
    until,
    onLine: (hear) => {
      if (child.stdout) createInterface({ input: child.stdout }).on('line', hear);
    },
    // Not execa's own, which kills two seconds after a SIGTERM: a stop that has a machine given back takes longer.
    kill: (signal) => void ChildProcess.prototype.kill.call(child, signal),
    end: child.then(({ exitCode, signal, stdout, stderr }) => ({ exitCode, signal, stdout, stderr })),
  };
}

/** The journal of a study. */
export function journalOf(folder: string, tag: string): Entry[] {
  return [...readJournal(join(folder, 'runs', tag, 'journal.jsonl'))];
}

/** The entries of one kind. */
export function entriesOf<Event extends Entry['event']>(journal: readonly Entry[], event: Event): EntryOf<Event>[] {
  return journal.filter((entry): entry is EntryOf<Event> => entry.event === event);
}

/** The calls of models and agents for proposals and insights, without the small ones that show whether they can be asked. */
export function callsOf(journal: readonly Entry[]): EntryOf<'model-called'>[] {
  return entriesOf(journal, 'model-called').filter(({ purpose }) => purpose === 'proposal' || purpose === 'insight');
}

/** Live processes that carry this text in their environment; zombies have none. */
export function processesOf(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/environ`).includes(text))
    .map((pid) => `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`);
}

/** One for all, so that no test sees the environment that nocturne may have made for its user. */
const cache = '/nowhere/cache';

function start(folder: string, args: readonly string[], variables: Variables, limitMilliseconds = usualLimit) {
  const { PATH, HOME, TMPDIR } = process.env;
  const own = { PATH, HOME, TMPDIR, LC_ALL: 'C', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const env = { ...own, XDG_CACHE_HOME: cache, ...variables };
  const [node, program] = nocturneCommand;
  return execa(node, [program, ...argumentsOf(args, env)], {
    cwd: folder,
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: limitMilliseconds,
    forceKillAfterDelay: 2000,
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
