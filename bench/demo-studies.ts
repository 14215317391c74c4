/**
 * Does the demo find real improvements? Ten demo studies with different seeds; then the baseline and the best of each run
 * on five fresh seeds that no study has used, and Welch's t test says whether the best is better.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { mean, standardDeviation } from '../src/core/statistics/moments.ts';
import { studentCdf } from '../src/core/statistics/student-t.ts';
import { measureFresh } from './measure-fresh.ts';

const run = promisify(execFile);
const main = join(import.meta.dirname, '..', 'dist', 'cli', 'main.js');
const freshSeeds = [901, 902, 903, 904, 905];

interface StudyResult {
  readonly seed: string;
  readonly reported: number;
  readonly baseline: readonly number[];
  readonly best: readonly number[];
  readonly gain: number;
  readonly p: number;
}

/** Runs `count` studies, two at a time, and re-measures each. */
export async function demoStudies(count: number): Promise<StudyResult[]> {
  const seeds = Array.from({ length: count }, (_, index) => `demo-${index + 1}`);
  const results: StudyResult[] = [];
  const worker = async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) results.push(await oneStudy(seed));
  };
  await Promise.all([worker(), worker()]);
  return results.sort((a, b) => a.seed.localeCompare(b.seed, 'en', { numeric: true }));
}

async function oneStudy(seed: string): Promise<StudyResult> {
  const folder = await mkdtemp(join(tmpdir(), `nocturne-${seed}-`));
  await run(process.execPath, [main, 'demo', '--seed', seed, '--plain'], { cwd: folder, maxBuffer: 1 << 26 });
  const project = join(folder, 'runs', 'demo');
  const study = join(project, 'runs', 'demo');
  const started = JSON.parse((await readFile(join(study, 'journal.jsonl'), 'utf8')).split('\n')[0] ?? '{}');
  const { stdout } = await run(process.execPath, [main, 'status', '--json', '--brief', project]);
  const { interpreter: python } = started;
  const measure = (commit: string, name: string) =>
    measureFresh({ project, study, commit, folder: join(folder, name), python, seeds: freshSeeds, budgetSeconds: 8 });
  const baseline = await measure(started.start, 'baseline');
  const best = await measure(`refs/autoresearch/demo/tip`, 'best');
  const result = {
    seed,
    reported: JSON.parse(stdout).best.mean,
    baseline,
    best,
    gain: mean(baseline) - mean(best),
    p: welch(baseline, best),
  };
  process.stderr.write(`${JSON.stringify(result)}\n`);
  return result;
}

/** One-sided p of Welch's t test that `b` is smaller than `a`. */
function welch(a: readonly number[], b: readonly number[]): number {
  const va = standardDeviation(a) ** 2 / a.length;
  const vb = standardDeviation(b) ** 2 / b.length;
  const t = (mean(a) - mean(b)) / Math.sqrt(va + vb);
  const df = (va + vb) ** 2 / (va ** 2 / (a.length - 1) + vb ** 2 / (b.length - 1));
  return 1 - studentCdf(t, df);
}

if (process.argv[1] === import.meta.filename) {
  const results = await demoStudies(Number(process.argv[2] ?? 10));
  process.stdout.write(`${JSON.stringify({ freshSeeds, results }, null, 2)}\n`);
}
