/**
 * How long `nocturne status --json` takes on a long journal, and how much memory: the built command, node's start included.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { packagePath } from '../src/adapters/package-root.ts';
import { writeJournal } from './generate-journal.ts';
import { type BenchReport, machine, round, type Spread, spreadOf, spreadText } from './report.ts';

const sizes = [10, 10_000, 100_000];
const rounds = 7;

interface SizeFigures {
  readonly experiments: number;
  readonly journalMb: number;
  readonly seconds: Spread;
  readonly peakMemoryMb: Spread;
}

/** Measures the sizes in turn, round by round, so that a busy minute of the machine meets them all. */
export async function benchJournal(): Promise<BenchReport> {
  const folder = mkdtempSync(join(tmpdir(), 'nocturne-bench-'));
  try {
    const projects = sizes.map((experiments) => layProject(folder, experiments));
    for (let count = 0; count < rounds; count += 1) for (const project of projects) await measure(project);
    const figures = projects.map(summarise);
    return { figures: { bench: 'journal', machine: machine(), sizes: figures }, table: tableOf(figures) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Project {
  readonly experiments: number;
  readonly folder: string;
  readonly journalMb: number;
  readonly seconds: number[];
  readonly peaks: number[];
}

function layProject(parent: string, experiments: number): Project {
  const folder = join(parent, String(experiments));
  const study = join(folder, 'runs', 'bench');
  mkdirSync(study, { recursive: true });
  const journal = join(study, 'journal.jsonl');
  writeJournal(journal, experiments);
  return { experiments, folder, journalMb: round(statSync(journal).size / 1e6, 1), seconds: [], peaks: [] };
}

async function measure({ folder, seconds, peaks, experiments }: Project): Promise<void> {
  const began = performance.now();
  const status = await execa(process.execPath, [packagePath('dist', 'cli', 'main.js'), 'status', '--json'], {
    cwd: folder,
  });
  seconds.push((performance.now() - began) / 1000);
  if (JSON.parse(status.stdout).experiments !== experiments) throw new Error(`status counted wrong: ${status.stdout}`);
  peaks.push(await peakMemoryMb(folder));
}

/** A second, separate start: the hook that reports the peak would lengthen the first. */
async function peakMemoryMb(folder: string): Promise<number> {
  const hook = 'process.on("exit",()=>process.stderr.write(String(process.resourceUsage().maxRSS)))';
  const { stderr } = await execa(
    process.execPath,
    ['--import', `data:text/javascript,${hook}`, packagePath('dist', 'cli', 'main.js'), 'status', '--json'],
    { cwd: folder },
  );
  return Number(stderr) / 1024;
}

function summarise({ experiments, journalMb, seconds, peaks }: Project): SizeFigures {
  return { experiments, journalMb, seconds: spreadOf(seconds, 3), peakMemoryMb: spreadOf(peaks, 0) };
}

function tableOf(figures: readonly SizeFigures[]): string[] {
  const rows = figures.map(({ experiments, journalMb, seconds, peakMemoryMb }) =>
    [String(experiments), String(journalMb), spreadText(seconds), spreadText(peakMemoryMb)]
      .map((cell) => cell.padEnd(24))
      .join(''),
  );
  const header = ['experiments', 'journal MB', 'seconds', 'peak MB'].map((cell) => cell.padEnd(24)).join('');
  return [machine(), header, ...rows];
}
