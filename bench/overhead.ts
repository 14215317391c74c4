/**
 * The processor time of the harness for each experiment: all that a study's command and its processes use, less what the same
 * training uses when it is started by hand. With a search and with a model behind OpenAI's SDK, each program in its turn.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { countFlag, defineBench, positiveFlag } from './bench.ts';
import { cpuSecondsOf, type Program, programsOf, runStudy } from './command/run-study.ts';
import { startSlowModel } from './command/slow-model.ts';
import { layTimedProject } from './command/timed-project.ts';
import { type BenchReport, round, type Spread, spreadOf, spreadText } from './report.ts';

/** `npm run bench -- overhead`; the programs are those in `dist`. */
export const bench = defineBench('overhead', {
  summary:
    "the harness's own CPU seconds for each experiment, with a search and with a model [--experiments N] [--rounds N] [--seconds S of a job] [--latency S of the model] [--beside CLONE]",
  flags: {
    experiments: countFlag(24),
    rounds: countFlag(3),
    seconds: positiveFlag(2),
    latency: positiveFlag(1.2),
    beside: z.string().optional(),
  },
  measure,
});

interface Flags {
  readonly experiments: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly latency: number;
  /** Folder with a built clone of another commit. */
  readonly beside?: string | undefined;
}

interface Arm {
  readonly researcher: 'search' | 'model';
  readonly program: Program;
  readonly project: string;
  /** CPU seconds for each experiment of a whole study, and of each further one, without the start. */
  readonly whole: number[];
  readonly further: number[];
}

interface ArmFigures {
  readonly researcher: Arm['researcher'];
  readonly program: Program['name'];
  readonly whole: Spread;
  readonly further: Spread;
}

/** A study this short is nearly all start. */
const fewExperiments = 2;
const bareRuns = 5;

async function measure(flags: Flags): Promise<BenchReport> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nocturne-bench-')));
  const model = await startSlowModel(flags.latency);
  try {
    const arms: Arm[] = [];
    for (const [researcher, lines] of [
      ['search', ['researcher: random']],
      ['model', model.lines],
    ] as const) {
      const project = join(folder, researcher);
      await layTimedProject({ folder: project, seconds: flags.seconds, lines });
      const programs = programsOf(flags.beside);
      arms.push(...programs.map((program) => ({ researcher, program, project, whole: [], further: [] })));
    }
    const training = spreadOf(await bareTrainings(arms[0]?.project ?? folder), 4).median;
    for (let number = 0; number < flags.rounds; number += 1)
      for (const arm of arms) await measureArm(arm, number, flags.experiments, training);
    const figures = arms.map(figuresOf);
    return {
      figures: { ...flags, trainingCpuSeconds: training, arms: figures, ratios: ratiosOf(arms) },
      table: tableOf(figures, arms),
    };
  } finally {
    await model.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the training uses when nobody watches it. */
async function bareTrainings(project: string): Promise<number[]> {
  const seconds: number[] = [];
  for (let count = 0; count < bareRuns; count += 1) seconds.push(await cpuSecondsOf(['python3', 'train.py'], project));
  return seconds;
}

async function measureArm(arm: Arm, number: number, experiments: number, training: number): Promise<void> {
  const own = async (count: number) => {
    const tag = `${arm.program.name}-${number}-${count}`;
    const { cpuSeconds, runs } = await runStudy({ ...arm, tag, experiments: count });
    rmSync(join(arm.project, 'runs', tag), { recursive: true, force: true });
    return cpuSeconds - runs.length * training;
  };
  const [few, many] = [await own(fewExperiments), await own(experiments)];
  arm.whole.push(many / experiments);
  arm.further.push((many - few) / (experiments - fewExperiments));
}

function figuresOf({ researcher, program, whole, further }: Arm): ArmFigures {
  return { researcher, program: program.name, whole: spreadOf(whole, 3), further: spreadOf(further, 3) };
}

/** This program's seconds over the other one's in the same round, by researcher; nothing without another one. */
function ratiosOf(arms: readonly Arm[]) {
  return arms
    .filter(({ program }) => program.name === 'this')
    .flatMap(({ researcher, whole, further }) => {
      const other = arms.find((arm) => arm.researcher === researcher && arm.program.name === 'beside');
      if (!other) return [];
      return [{ researcher, whole: medianRatio(whole, other.whole), further: medianRatio(further, other.further) }];
    });
}

/** What is measured in the same round was measured on a machine as busy. */
function medianRatio(ours: readonly number[], theirs: readonly number[]): number {
  return spreadOf(
    ours.map((seconds, index) => round(seconds / (theirs[index] ?? seconds), 3)),
    3,
  ).median;
}

function tableOf(figures: readonly ArmFigures[], arms: readonly Arm[]): string[] {
  const line = (cells: readonly string[]) => cells.map((cell) => cell.padEnd(26)).join('');
  return [
    line(['researcher', 'program', 'CPU s per experiment', 'without the start']),
    ...figures.map(({ researcher, program, whole, further }) =>
      line([researcher, program, spreadText(whole), spreadText(further)]),
    ),
    ...ratiosOf(arms).map(({ researcher, whole, further }) =>
      line([researcher, 'ratio', String(whole), String(further)]),
    ),
  ];
}
