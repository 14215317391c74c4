/**
 * Drives a study of a small project with `nocturne run --researcher owner`, `try`, `wait` and `stop`, by hand and from a
 * coding agent with a shell; what it prints is held against its journal.
 */
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { execa } from 'execa';
import { journalPath, readJournal } from '../../src/adapters/archive/read-journal.ts';
import { packagePath } from '../../src/adapters/package-root.ts';
import { findHolder } from '../../src/adapters/run-lock.ts';
import type { Entry } from '../../src/core/journal/entry.ts';
import { mean } from '../../src/core/statistics/moments.ts';
import { startModelServer } from '../../tests/helpers/model-server/model-server.ts';
import { emptyHome } from './agent-study.ts';
import { answerDriver, driven, lastWords, type Move, nextMove, resultsOf, seenIn } from './drive-moves.ts';

/** What a driver left behind. */
export interface Drive {
  /** What each move answered, as the driver read it. */
  readonly results: readonly string[];
  readonly entries: readonly Entry[];
  /** Of a coding agent. */
  readonly session?: {
    readonly printed: string;
    /** One sentence for each fault in its requests. */
    readonly violations: readonly string[];
  };
}

export interface DrivingAgent {
  readonly argv: readonly string[];
  /** Folder for its HOME and files. */
  readonly folder: string;
  /** The value of PATH with which it is found. */
  readonly path: string;
  /** The variables that point it at a server. */
  readonly point: (url: string) => Readonly<Record<string, string>>;
}

/** At most this long for a whole drive. */
const timeout = 600_000;

const task =
  'Drive the study of train.py: start it with `nocturne run --researcher owner --detach`, edit train.py, hand it in with `nocturne try --json train.py`, wait for its verdict with `nocturne wait NUMBER --json`, and stop it at the end. Say the verdicts.';

/** Makes the moves itself, with a shell. */
export async function driveByHand(folder: string): Promise<Drive> {
  const root = await layQuick(folder);
  const env = { PATH: pathWithNocturne(folder, process.env.PATH ?? ''), HOME: emptyHome(folder), LANG: 'C.UTF-8' };
  const results: string[] = [];
  for (let move = nextMove(results); move; move = nextMove(results)) results.push(await make(move, root, env));
  return { results, entries: await takeEntries(root, env) };
}

async function make(move: Move, root: string, env: Readonly<Record<string, string>>): Promise<string> {
  const file = join(root, 'train.py');
  const text = readFileSync(file, 'utf8');
  if (move.kind === 'read') return text;
  if (move.kind === 'edit') {
    writeFileSync(
      file,
      text.replace(move.before, () => move.after),
    );
    return '';
  }
  const options = { cwd: root, env, extendEnv: false, stdin: 'ignore', reject: false, all: true, timeout } as const;
  const { all, exitCode } = await execa('bash', ['-c', move.command], options);
  return exitCode === 0 ? all : `${all}\nExit code ${exitCode}`;
}

/** Lets the agent make them; the test server's model tells it which. */
export async function driveFrom(agent: DrivingAgent): Promise<Drive> {
  const root = await layQuick(agent.folder);
  const server = await startModelServer(answerDriver(root), { clients: 'agents' });
  try {
    const path = pathWithNocturne(agent.folder, agent.path);
    const env = { ...agent.point(server.url), PATH: path, HOME: emptyHome(agent.folder), LANG: 'C.UTF-8' };
    const [program = '', ...args] = agent.argv.map((word) => word.replace('{prompt}', task));
    const options = { cwd: root, env, extendEnv: false, stdin: 'ignore', reject: false, all: true, timeout } as const;
    const { all: printed } = await execa(program, args, options);
    const results = server.requests
      .map(resultsOf)
      .reduce((most, each) => (each.length > most.length ? each : most), []);
    return { results, entries: await takeEntries(root, env), session: { printed, violations: server.violations } };
  } finally {
    await server.close();
  }
}

/** What must hold after any drive, and whether it does. */
export function checksOf({ results, entries, session }: Drive): Readonly<Record<string, boolean>> {
  const { refusal, tries, verdicts, ledger } = seenIn(results);
  const handed = entries.flatMap((entry) => (entry.event === 'handed-in' ? [entry] : []));
  const wanted = driven.map((one, index) => ({ ...one, experiment: index + 1 }));
  const isSame = (found: readonly unknown[], told: readonly unknown[]) => isDeepStrictEqual(found, told);
  const listed = verdicts.map(({ experiment, status, title, metric }) => ({ experiment, status, title, metric }));
  return {
    refused: refusal.includes('Nothing differs') && /code 2\b/.test(refusal),
    numbers: [tries, handed].every((some) => isSame(some.map(numberAndTitle), wanted.map(numberAndTitle))),
    code: wanted.every(({ after }, at) => handed[at]?.files['train.py']?.includes(`\n${after}  #`)),
    runs: verdicts.every(({ metric }, at) => metric !== undefined && metric === scoreOf(entries, at + 1)),
    verdicts: isSame(
      verdicts.map(({ experiment, decision }) => [experiment, decision]),
      wanted.map(({ experiment, decision }) => [experiment, decision]),
    ),
    ledger:
      ledger.length === driven.length + 1 &&
      ledger.slice(1).every(({ researcher }) => researcher === 'owner') &&
      isSame(
        ledger.slice(1).map(({ experiment, status, title, metric }) => ({ experiment, status, title, metric })),
        listed,
      ),
    stopped: entries.at(-1)?.event === 'study-stopped',
    ...(session && {
      quoted: session.printed.includes(lastWords(results)),
      requests: session.violations.length === 0,
    }),
  };
}

function numberAndTitle({ experiment, title }: { readonly experiment?: unknown; readonly title?: unknown }) {
  return [experiment, title];
}

/** The mean of what an experiment's runs scored; null when none did, undefined when there was no run. */
function scoreOf(entries: readonly Entry[], experiment: number): number | null | undefined {
  const ended = entries.flatMap((entry) =>
    entry.event === 'run-ended' && entry.experiment === experiment ? [entry.result] : [],
  );
  const values = ended.flatMap(({ outcome, measurement }) =>
    outcome === 'finished' && measurement ? [measurement.value] : [],
  );
  if (values.length > 0) return mean(values);
  return ended.length === 0 ? undefined : null;
}

/**
 * The entries of the study, once its controller has ended; then the project is removed. One that was not asked to end, or does not within a minute, is
 * ended now, so that the bench leaves no process.
 */
async function takeEntries(root: string, env: Readonly<Record<string, string>>): Promise<readonly Entry[]> {
  const study = join(root, 'runs', 'night');
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline && (await findHolder(study))) await setTimeout(250);
  if (await findHolder(study)) {
    await make({ kind: 'bash', command: 'nocturne stop --now' }, root, env);
    return [];
  }
  const journal = journalPath(study);
  const entries = existsSync(journal) ? [...readJournal(journal)] : [];
  rmSync(root, { recursive: true, force: true });
  return entries;
}

async function layQuick(folder: string): Promise<string> {
  const root = mkdtempSync(join(folder, 'driven-'));
  cpSync(packagePath('tests', 'fixtures', 'projects', 'quick'), root, { recursive: true });
  const git = (...args: string[]) => execa('git', args, { cwd: root });
  await git('init', '--quiet', '--initial-branch=main');
  await git('config', 'user.name', 'Bench');
  await git('config', 'user.email', 'bench@localhost');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'start');
  return root;
}

/** A PATH on which `nocturne` is this source. */
function pathWithNocturne(folder: string, path: string): string {
  const bin = join(folder, 'nocturne');
  mkdirSync(bin, { recursive: true });
  const words = [
    process.execPath,
    ...['--import', packagePath('node_modules', 'tsx', 'dist', 'loader.mjs')],
    packagePath('src', 'cli', 'main.ts'),
  ];
  writeFileSync(join(bin, 'nocturne'), `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(' ')} "$@"\n`);
  chmodSync(join(bin, 'nocturne'), 0o755);
  return [bin, path].join(delimiter);
}
