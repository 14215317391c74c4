/**
 * How long `nocturne status --json` takes on a long journal, and how much memory: the built command, node's start
 * included.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { packagePath } from '../src/adapters/package-root.ts';
import { defineBench } from './bench.ts';
import { writeJournal } from './journal/generate-journal.ts';
import { type BenchReport, round, type Spread, spreadOf, spreadText } from './report.ts';

const sizes = [10, 10_000, 100_000];
const rounds = 7;

interface SizeFigures {
  readonly experiments: number;
  readonly journalMb: number;
  readonly seconds: Spread;
  /** User and system time, which a busy machine changes less than wall time. */
  readonly cpuSeconds: Spread;
  readonly peakMemoryMb: Spread;
}

/** `npm run bench -- journal`. */
export const bench = defineBench('journal', {
  summary: 'seconds and peak memory of `status --json` on long journals (after `npm run build`)',
  flags: {},
  measure,
});

/** Measures the sizes in turn, round by round, so that a busy minute of the machine affects all of them. */
async function measure(): Promise<BenchReport> {
  const folder = mkdtempSync(join(tmpdir(), 'nocturne-bench-'));
  try {
    const projects = sizes.map((experiments) => layProject(folder, experiments));
    for (let count = 0; count < rounds; count += 1) for (const project of projects) await measureOnce(project);
    const figures = projects.map(summarise);
    return { figures: { sizes: figures }, table: tableOf(figures) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Project {
  readonly experiments: number;
  readonly folder: string;
  readonly journalMb: number;
  readonly seconds: number[];
  readonly cpuSeconds: number[];
  readonly peaks: number[];
}

function layProject(parent: string, experiments: number): Project {
  const folder = join(parent, String(experiments));
  const study = join(folder, 'runs', 'bench');
  mkdirSync(study, { recursive: true });
  const journal = join(study, 'journal.jsonl');
  writeJournal(journal, experiments);
  return {
    experiments,
    folder,
    journalMb: round(statSync(journal).size / 1e6, 1),
    seconds: [],
    cpuSeconds: [],
    peaks: [],
  };
}

async function measureOnce({ folder, seconds, cpuSeconds, peaks, experiments }: Project): Promise<void> {
  const began = performance.now();
  const status = await execa(process.execPath, [packagePath('dist', 'cli', 'main.js'), 'status', '--json'], {
    cwd: folder,
  });
  seconds.push((performance.now() - began) / 1000);
  if (JSON.parse(status.stdout).experiments !== experiments) throw new Error(`status counted wrong: ${status.stdout}`);
  const spent = await resourcesOf(folder);
  cpuSeconds.push((spent.userCPUTime + spent.systemCPUTime) / 1e6);
  peaks.push(spent.maxRSS / 1024);
}

/** What a start of its own uses: the hook that reports it would lengthen the start whose time is measured. */
async function resourcesOf(folder: string): Promise<NodeJS.ResourceUsage> {
  const hook = 'process.on("exit",()=>process.stderr.write(JSON.stringify(process.resourceUsage())))';
  const { stderr } = await execa(
    process.execPath,
    ['--import', `data:text/javascript,${hook}`, packagePath('dist', 'cli', 'main.js'), 'status', '--json'],
    { cwd: folder },
  );
  return JSON.parse(stderr) as NodeJS.ResourceUsage;
}

function summarise({ experiments, journalMb, seconds, cpuSeconds, peaks }: Project): SizeFigures {
  return {
    experiments,
    journalMb,
    seconds: spreadOf(seconds, 3),
    cpuSeconds: spreadOf(cpuSeconds, 3),
    peakMemoryMb: spreadOf(peaks, 0),
  };
}

function tableOf(figures: readonly SizeFigures[]): string[] {
  const line = (cells: readonly string[]) => cells.map((cell) => cell.padEnd(24)).join('');
  const rows = figures.map(({ experiments, journalMb, seconds, cpuSeconds, peakMemoryMb }) =>
    line([`${experiments} (${journalMb} MB)`, ...[seconds, cpuSeconds, peakMemoryMb].map(spreadText)]),
  );
  return [line(['experiments', 'seconds', 'CPU seconds', 'peak MB']), ...rows];
}
