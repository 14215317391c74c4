/**
 * Whole studies on the tiny sandbox, one per researcher and seed, and what their final incumbents are truly worth: each is
 * trained again on fresh seeds, by hand. Restartable: a finished study is a line in the output file, and one that was cut
 * short goes on where it stopped.
 */
import { execFile } from 'node:child_process';
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { exists } from '../src/adapters/exists.ts';
import { scaffold } from '../src/adapters/scaffold.ts';
import { mean, standardDeviation } from '../src/core/statistics/moments.ts';
import { studentCdf } from '../src/core/statistics/student-t.ts';
import { readFlag } from './flags.ts';
import { measureFresh } from './measure-fresh.ts';
import { type BenchReport, machine } from './report.ts';

const run = promisify(execFile);
const program = join(import.meta.dirname, '..', 'src', 'cli', 'main.ts');
const tag = 'night';
const freshSeeds = [9001, 9002, 9003];

interface StudyLine {
  readonly researcher: string;
  readonly seed: string;
  /** What the study itself says of its incumbent, and of its baseline. */
  readonly reported: number;
  readonly baseline: number;
  readonly kept: number;
  readonly runs: number;
  /** The final incumbent on the fresh seeds; null where its training failed. */
  readonly fresh: readonly (number | null)[];
  readonly arms: readonly { readonly arm: string; readonly tried: number; readonly kept: number }[];
  readonly machine: string;
}

/**
 * `--seeds N --researchers a,b --workers N --experiments N --budget 2 --out FILE --python PATH`; without `--seeds` it only
 * reports what is there.
 */
export async function benchStudies(): Promise<BenchReport> {
  const out = resolve(readFlag('out') ?? join('runs', 'bench-studies.jsonl'));
  const researchers = (readFlag('researchers') ?? 'auto,random,bayes').split(',');
  const seeds = Array.from({ length: Number(readFlag('seeds') ?? 0) }, (_, index) => `bench-${index + 1}`);
  await mkdir(dirname(out), { recursive: true });
  const done = await readLines(out);
  const isDone = (researcher: string, seed: string) =>
    done.some((line) => line.researcher === researcher && line.seed === seed);
  const left = seeds.flatMap((seed) =>
    researchers.filter((researcher) => !isDone(researcher, seed)).map((researcher) => ({ researcher, seed })),
  );
  const worker = async () => {
    for (let study = left.shift(); study !== undefined; study = left.shift()) {
      const line = await oneStudy(study.researcher, study.seed, `${out}.d`);
      await appendFile(out, `${JSON.stringify(line)}\n`);
      process.stderr.write(`${study.researcher} ${study.seed}: ${worthOf(line).toFixed(4)}, ${line.kept} kept\n`);
    }
  };
  await Promise.all(Array.from({ length: Number(readFlag('workers') ?? 1) }, worker));
  return report(await readLines(out), researchers);
}

async function readLines(out: string): Promise<StudyLine[]> {
  if (!(await exists(out))) return [];
  const text = await readFile(out, 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as StudyLine);
}

async function oneStudy(researcher: string, seed: string, folder: string): Promise<StudyLine> {
  const budgetSeconds = Number(readFlag('budget') ?? 2);
  const experiments = readFlag('experiments') ?? '40';
  const project = join(folder, `${researcher}-${seed}`);
  if (!(await exists(join(project, 'program.md')))) await scaffold(project, 'tiny');
  const study = join(project, 'runs', tag);
  const python = readFlag('python');
  const isNew = !(await exists(join(study, 'journal.jsonl')));
  await nocturne(project, [
    ...['run', '--tag', tag, '--researcher', researcher, '--budget', `${budgetSeconds}s`, '--yes', '--plain'],
    ...['--max-experiments', experiments],
    ...(isNew ? ['--seed', seed] : []),
    ...(python === undefined ? [] : ['--python', python]),
  ]);
  const status = JSON.parse(await nocturne(project, ['status', '--tag', tag, '--json']));
  const [started = '{}'] = (await readFile(join(study, 'journal.jsonl'), 'utf8')).split('\n');
  const scratch = join(project, 'fresh');
  await rm(scratch, { recursive: true, force: true });
  const fresh = await measureFresh({
    ...{ project, study, budgetSeconds, seeds: freshSeeds },
    commit: `refs/autoresearch/${tag}/tip`,
    folder: scratch,
    python: JSON.parse(started).interpreter,
  });
  const { best, baseline, kept, runs, arms = [] } = status;
  return {
    researcher,
    seed,
    reported: best.mean,
    baseline: baseline.mean,
    kept,
    runs,
    fresh: fresh.map((score) => (Number.isNaN(score) ? null : score)),
    arms,
    machine: machine(),
  };
}

async function nocturne(project: string, args: readonly string[]): Promise<string> {
  const tsx = import.meta.resolve('tsx');
  const { stdout } = await run(process.execPath, ['--import', tsx, program, ...args], {
    cwd: project,
    maxBuffer: 1 << 26,
  });
  return stdout;
}

function report(lines: readonly StudyLine[], researchers: readonly string[]): BenchReport {
  const worthAt = (researcher: string, seed: string) => {
    const line = lines.find((each) => each.researcher === researcher && each.seed === seed);
    return line && worthOf(line);
  };
  const rows = researchers.map((researcher) => {
    const worth = lines.filter((line) => line.researcher === researcher).map(worthOf);
    return { researcher, studies: worth.length, mean: worth.length > 0 ? mean(worth) : null, sd: deviationOf(worth) };
  });
  const [own = '', ...others] = researchers;
  const seeds = [...new Set(lines.map((line) => line.seed))];
  const pairs = others.map((other) => {
    const differences = seeds.flatMap((seed) => {
      const [a, b] = [worthAt(own, seed), worthAt(other, seed)];
      return a === undefined || b === undefined ? [] : [b - a];
    });
    return { better: own, than: other, ...pairedTest(differences) };
  });
  const table = [
    `${'researcher'.padEnd(12)}${'studies'.padStart(8)}${'val_bpb'.padStart(10)}${'sd'.padStart(9)}`,
    ...rows.map(
      (row) =>
        `${row.researcher.padEnd(12)}${String(row.studies).padStart(8)}${(row.mean ?? Number.NaN).toFixed(4).padStart(10)}${(row.sd ?? Number.NaN).toFixed(4).padStart(9)}`,
    ),
    ...pairs.map(
      ({ better, than, n, difference, error, p }) =>
        `${better} better than ${than} by ${difference.toFixed(4)} ± ${error.toFixed(4)} (n ${n}, one-sided p ${p.toFixed(4)}, of being worse ${(1 - p).toFixed(4)})`,
    ),
  ];
  return { figures: { rows, pairs, freshSeeds, lines }, table };
}

/** Where the incumbent's training fails on a fresh seed, its owner is left with the baseline. */
function worthOf({ fresh, baseline }: StudyLine): number {
  return mean(fresh.map((score) => score ?? baseline));
}

function deviationOf(values: readonly number[]): number | null {
  return values.length > 1 ? standardDeviation(values) : null;
}

/** Student's paired test that the differences are above zero. */
function pairedTest(differences: readonly number[]): { n: number; difference: number; error: number; p: number } {
  const n = differences.length;
  if (n < 2) return { n, difference: differences[0] ?? Number.NaN, error: Number.NaN, p: Number.NaN };
  const difference = mean(differences);
  const error = standardDeviation(differences) / Math.sqrt(n);
  return { n, difference, error, p: 1 - studentCdf(difference / error, n - 1) };
}
