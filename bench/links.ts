/**
 * What many linked files cost: the same short study with 100 and with 60,000 of them, in turns, so that a busy machine slows
 * both. With `--beside` the program of another commit runs the same studies.
 */
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { packagePath } from '../src/adapters/package-root.ts';
import { SettingsError } from '../src/core/base/errors.ts';
import { countFlag, defineBench } from './bench.ts';
import { layProject } from './fixture-project.ts';
import { type BenchReport, type Spread, spreadOf, spreadText } from './report.ts';

/** `npm run bench -- links`; the program is the one in `dist`. */
export const bench = defineBench('links', {
  summary:
    'a study of nine short runs with 60,000 linked files, its ratio to 100 files and to another commit [--files N] [--rounds N] [--beside CLONE]',
  flags: { files: countFlag(60_000), rounds: countFlag(3), beside: z.string().optional() },
  measure,
});

const fewFiles = 100;
const filesInFolder = 500;

interface LinksFlags {
  readonly files: number;
  readonly rounds: number;
  /** Folder with a built clone of another commit. */
  readonly beside?: string | undefined;
}

/** One program on one number of files. */
interface Arm {
  readonly program: 'this' | 'beside';
  readonly files: number;
  readonly main: string;
  readonly project: string;
  readonly seconds: number[];
}

interface ArmFigures {
  readonly program: Arm['program'];
  readonly files: number;
  /** Seconds of the whole command. */
  readonly seconds: Spread;
  /** The median, over the rounds, of its time over that of the same program with 100 files in the same round. */
  readonly ratio: number;
}

async function measure({ files, rounds, beside }: LinksFlags): Promise<BenchReport> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nocturne-bench-')));
  try {
    const programs = [{ program: 'this' as const, main: mainOf(packagePath()) }];
    const others = beside === undefined ? [] : [{ program: 'beside' as const, main: mainOf(resolve(beside)) }];
    const arms: Arm[] = [];
    for (const count of [fewFiles, files]) {
      const project = join(folder, String(count));
      await layLinked(project, count);
      arms.push(...[...programs, ...others].map((each) => ({ ...each, files: count, project, seconds: [] })));
    }
    for (let number = 0; number < rounds; number++)
      for (const arm of arms) arm.seconds.push(await timeStudy(arm, number));
    const figures = arms.map((arm) => figuresOf(arm, arms));
    const toBeside = ratioToBeside(arms, files);
    const table = figures.map(
      (each) =>
        `${each.program.padEnd(8)}${String(each.files).padEnd(8)}${spreadText(each.seconds)} s   ratio ${each.ratio}`,
    );
    return { figures: { rounds, arms: figures, ...toBeside }, table };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function mainOf(folder: string): string {
  const main = join(folder, 'dist', 'cli', 'main.js');
  if (existsSync(main)) return main;
  throw new SettingsError(`there is no ${main}: run \`npm run build\` in ${folder}`);
}

/** A project that links this number of one-byte files, which git ignores. */
async function layLinked(project: string, count: number): Promise<void> {
  await layProject(project);
  writeFileSync(join(project, '.gitignore'), 'data/\nruns/\n');
  const brief = [
    '---',
    'metric: score',
    'goal: minimize',
    'budget: 1s',
    'researcher: random',
    'policy: greedy',
    'link: [data]',
    'stop: { experiments: 6 }',
    '---',
    'x',
    '',
  ];
  writeFileSync(join(project, 'program.md'), brief.join('\n'));
  await execa('git', ['commit', '--quiet', '--all', '--message', 'link'], { cwd: project });
  for (let index = 0; index < count; index++) {
    const folder = join(project, 'data', `c${Math.floor(index / filesInFolder)}`);
    if (index % filesInFolder === 0) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${index}.txt`), 'x');
  }
}

/** The seconds of a study of its own: a baseline of three runs and six experiments. */
async function timeStudy({ main, project, program }: Arm, number: number): Promise<number> {
  const tag = `${program}-${number}`;
  const began = performance.now();
  await execa(process.execPath, [main, 'run', '--plain', '--tag', tag, '--seed', 'bench'], { cwd: project });
  const seconds = (performance.now() - began) / 1000;
  rmSync(join(project, 'runs', tag), { recursive: true, force: true });
  return seconds;
}

function figuresOf(arm: Arm, arms: readonly Arm[]): ArmFigures {
  const few = arms.find(({ program, files }) => program === arm.program && files === fewFiles);
  const ratio = medianRatio(arm.seconds, few?.seconds ?? arm.seconds);
  return { program: arm.program, files: arm.files, seconds: spreadOf(arm.seconds, 2), ratio };
}

/** This program's time with many files over the other one's; nothing without another one. */
function ratioToBeside(arms: readonly Arm[], files: number): { readonly ratioToBeside?: number } {
  const secondsOf = (name: Arm['program']) => arms.find((arm) => arm.program === name && arm.files === files)?.seconds;
  const [own, other] = [secondsOf('this'), secondsOf('beside')];
  return own && other ? { ratioToBeside: medianRatio(own, other) } : {};
}

/** What is measured in the same round was measured on a machine as busy. */
function medianRatio(ours: readonly number[], theirs: readonly number[]): number {
  return spreadOf(
    ours.map((seconds, index) => seconds / (theirs[index] ?? seconds)),
    2,
  ).median;
}
