/**
 * A night that goes wrong: a study mirrored throughout, killed five times at random moments and restored each time in a
 * fresh clone from the mirror alone. In the morning log, results.tsv, refs, report and the mirror must agree.
 *
 * Killed means SIGKILL of the controller and the loss of its machine: the next session has only the remote.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { z } from 'zod';
import { readJournal } from '../src/adapters/archive/read-journal.ts';
import { packagePath } from '../src/adapters/package-root.ts';
import { createRandom } from '../src/core/base/random.ts';
import type { Entry } from '../src/core/journal/entry.ts';
import { countFlag, defineBench, positiveFlag } from './bench.ts';
import { layProject } from './fixture-project.ts';
import { disagreements, type MorningStudy } from './night/morning.ts';
import { type BenchReport, round } from './report.ts';

const kills = 5;
const tag = 'night';
const seed = 'a night that goes wrong';

/** `npm run bench -- night`. */
export const bench = defineBench('night', {
  summary:
    'a mirrored study killed five times and restored in fresh clones [--experiments N] [--seconds S] [--target git|folder]',
  flags: {
    experiments: countFlag(120),
    seconds: positiveFlag(2),
    target: z.enum(['git', 'folder'], 'must be git or folder').default('git'),
  },
  measure,
});

interface NightFlags {
  readonly experiments: number;
  /** Seconds of one training. */
  readonly seconds: number;
  readonly target: 'git' | 'folder';
}

async function measure({ experiments, seconds, target }: NightFlags): Promise<BenchReport> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nocturne-night-')));
  const began = performance.now();
  try {
    const published = await publish(folder, seconds, target === 'folder');
    const random = createRandom(seed);
    const moments = Array.from({ length: kills }, () => 1 + random.unit() * (experiments - 2)).sort((a, b) => a - b);
    let root = join(folder, 'project');
    let lost = 0;
    for (const [index, moment] of moments.entries()) {
      const night = { root, target: published.target, experiments, isRestored: index > 0 };
      lost += await runUntil(night, Math.floor(moment), random.unit() * (seconds + 1));
      root = join(folder, `clone-${index}`);
      await execa('git', ['clone', '--quiet', published.bare, root]);
    }
    await run(root, [
      '--max-experiments',
      String(experiments),
      '--restore',
      published.target,
      '--mirror',
      published.target,
    ]);
    const morning = { ...published, root, tag };
    const entries = [...readJournal(join(root, 'runs', tag, 'journal.jsonl'))];
    const figures = {
      seed,
      target,
      isolation: entries.findLast((entry) => entry.event === 'study-resumed')?.isolation ?? 'none',
      experiments,
      runSeconds: seconds,
      kills,
      minutes: round((performance.now() - began) / 60_000, 1),
      sessions: entries.filter(({ event }) => event === 'study-resumed').length + 1,
      /** Experiments that had their verdict before a kill but were not in the mirror, and so are repeated. */
      experimentsRepeated: lost,
      runsLost: entries.filter((entry) => entry.event === 'run-ended' && entry.result.outcome === 'lost').length,
      disagreements: await disagreements(morning, entries),
    };
    const table = Object.entries(figures).map(([name, value]) => `${name.padEnd(20)} ${JSON.stringify(value)}`);
    return { figures, table };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes the project and a remote with its start commit; the mirror is that remote or a folder. */
async function publish(
  folder: string,
  seconds: number,
  isFolder: boolean,
): Promise<Omit<MorningStudy, 'root' | 'tag'>> {
  const root = join(folder, 'project');
  await layProject(root);
  const train = readFileSync(join(root, 'train.py'), 'utf8').replace('time.sleep(0.02)', `time.sleep(${seconds})`);
  writeFileSync(join(root, 'train.py'), train);
  const brief = readFileSync(join(root, 'program.md'), 'utf8').replace(
    'budget: 1s',
    `budget: ${Math.ceil(seconds) + 1}s`,
  );
  writeFileSync(join(root, 'program.md'), brief);
  await execa('git', ['commit', '--quiet', '--all', '--message', 'runs of a length'], { cwd: root });
  const bare = join(folder, 'remote.git');
  await execa('git', ['clone', '--quiet', '--bare', root, bare]);
  return { bare, target: isFolder ? join(folder, 'copies') : bare, isFolder };
}

interface Session {
  readonly root: string;
  readonly target: string;
  readonly experiments: number;
  readonly isRestored: boolean;
}

/**
 * Runs a session until `moment` experiments have their verdict, kills it `delay` seconds later, and counts the
 * experiments that the mirror lacks.
 */
async function runUntil(
  { root, target, experiments, isRestored }: Session,
  moment: number,
  delay: number,
): Promise<number> {
  const journal = join(root, 'runs', tag, 'journal.jsonl');
  const flags = [
    '--max-experiments',
    String(experiments),
    '--mirror',
    target,
    ...(isRestored ? ['--restore', target] : []),
  ];
  const child = execFile(process.execPath, [...program, 'run', '--tag', tag, '--plain', ...flags], { cwd: root });
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  let isOver = false;
  void exited.then(() => {
    isOver = true;
  });
  while (!isOver && settled(journal) < moment) await setTimeout(50);
  await setTimeout(delay * 1000);
  child.kill('SIGKILL');
  await exited;
  const path = join(root, 'runs', tag, 'mirror.json');
  const there = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { experiments: number }).experiments : 0;
  return Math.max(0, settled(journal) - there);
}

function settled(journal: string): number {
  if (!existsSync(journal)) return 0;
  const isVerdict = (entry: Entry) =>
    entry.event === 'verdict-given' && entry.experiment > 0 && entry.verdict.decision !== 'rerun';
  return [...readJournal(journal)].filter(isVerdict).length;
}

const program = [
  '--import',
  packagePath('node_modules', 'tsx', 'dist', 'loader.mjs'),
  packagePath('src', 'cli', 'main.ts'),
];

async function run(root: string, flags: readonly string[]): Promise<void> {
  await execa(process.execPath, [...program, 'run', '--tag', tag, '--plain', ...flags], { cwd: root });
}
