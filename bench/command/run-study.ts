/**
 * Runs a study with the command of a checkout, as its user has it, and reads what became of it from its journal.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { readJournal } from '../../src/adapters/archive/read-journal.ts';
import { packagePath } from '../../src/adapters/package-root.ts';
import { SettingsError } from '../../src/core/base/errors.ts';
import { round } from '../report.ts';

/** One of the programs that a bench compares. */
export interface Program {
  readonly name: 'this' | 'beside';
  /** What node starts. */
  readonly main: string;
}

/** The program of this checkout, and that of a built clone where one is named. */
export function programsOf(beside: string | undefined): readonly Program[] {
  const others = beside === undefined ? [] : [{ name: 'beside' as const, main: mainOf(resolve(beside)) }];
  return [ownProgram(), ...others];
}

/** The program of this checkout. */
export function ownProgram(): Program {
  return { name: 'this', main: mainOf(packagePath()) };
}

function mainOf(folder: string): string {
  const main = join(folder, 'dist', 'cli', 'main.js');
  if (existsSync(main)) return main;
  throw new SettingsError(`there is no ${main}: run \`npm run build\` in ${folder}`);
}

export interface StudySession {
  readonly program: Program;
  readonly project: string;
  readonly tag: string;
  readonly experiments: number;
  readonly flags?: readonly string[];
}

/** A run as its training saw it, in seconds since 1970. */
export interface TimedRun {
  readonly experiment: number;
  readonly began: number;
  readonly ended: number;
}

export interface SessionFigures {
  /** Processor seconds of all processes. */
  readonly cpuSeconds: number;
  /** Wall seconds of the whole command. */
  readonly seconds: number;
  readonly runs: readonly TimedRun[];
}

/** What a study did from the end of its baseline to the end of its last run. */
export interface Throughput {
  readonly experiments: number;
  readonly seconds: number;
  readonly perMinute: number;
  /** The share of that time in which a slot trained. */
  readonly busyShare: number;
}

/** Runs the study to its end. Throws when the command fails, or has measured fewer experiments than it was to. */
export async function runStudy({
  program,
  project,
  tag,
  experiments,
  flags = [],
}: StudySession): Promise<SessionFigures> {
  const command = [process.execPath, program.main, 'run', '--plain', '--tag', tag, '--seed', 'bench', '--yes'];
  const began = performance.now();
  const cpuSeconds = await cpuSecondsOf([...command, '--max-experiments', String(experiments), ...flags], project);
  const seconds = (performance.now() - began) / 1000;
  const runs = runsOf(join(project, 'runs', tag, 'journal.jsonl'));
  const measured = new Set(runs.map(({ experiment }) => experiment)).size - 1;
  // A gain on an older incumbent is tried again beyond them.
  if (measured < experiments) throw new Error(`${program.name} measured ${measured} experiments, not ${experiments}`);
  return { cpuSeconds, seconds, runs };
}

/** How fast its experiments came, on this many slots. */
export function throughputOf({ runs }: Pick<SessionFigures, 'runs'>, slots: number): Throughput {
  const baseline = Math.max(...runs.filter(({ experiment }) => experiment === 0).map(({ ended }) => ended));
  // The baseline may have been run again meanwhile.
  const first = Math.min(...runs.filter(({ experiment }) => experiment > 0).map(({ began }) => began));
  const from = Math.min(baseline, first);
  const later = runs.filter(({ began }) => began >= from);
  const seconds = Math.max(...later.map(({ ended }) => ended)) - from;
  const experiments = new Set(later.map(({ experiment }) => experiment)).size;
  const busy = later.reduce((sum, { began, ended }) => sum + ended - began, 0);
  return {
    experiments,
    seconds: round(seconds, 1),
    perMinute: round((experiments / seconds) * 60, 2),
    busyShare: round(busy / seconds / slots, 4),
  };
}

/** The processor seconds of a command with all that it starts. */
export async function cpuSecondsOf(command: readonly string[], folder: string): Promise<number> {
  const file = join(folder, 'cpu-seconds.txt');
  const run = [packagePath('bench', 'command', 'own_cpu.py'), file, ...command];
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, LC_ALL: 'C', OPENAI_API_KEY: 'sk-test' };
  await execa('python3', run, { cwd: folder, env, extendEnv: false, stdin: 'ignore' });
  return Number(readFileSync(file, 'utf8'));
}

function runsOf(journal: string): TimedRun[] {
  return [...readJournal(journal)].flatMap((entry) => {
    if (entry.event !== 'run-ended') return [];
    const { began_at: began, ended_at: ended } = entry.result.measurement?.metrics ?? {};
    if (began === undefined || ended === undefined) throw new Error(`a run failed: ${entry.result.reason}`);
    return [{ experiment: entry.experiment, began, ended }];
  });
}
