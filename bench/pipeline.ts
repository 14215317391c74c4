/**
 * How busy the device is while a model thinks: one slot, a training that sleeps, and a model that takes 0.6 of that over each
 * proposal. The programs run at the same time, each with a project and a model of its own, so that a busy machine slows both.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { countFlag, defineBench, positiveFlag } from './bench.ts';
import { type Program, programsOf, runStudy, type Throughput, throughputOf } from './command/run-study.ts';
import { startSlowModel } from './command/slow-model.ts';
import { layTimedProject } from './command/timed-project.ts';
import { type BenchReport, round } from './report.ts';

/** `npm run bench -- pipeline`; the programs are those in `dist`. */
export const bench = defineBench('pipeline', {
  summary:
    'how busy the device is with a model that takes 0.6 of a job [--seconds S of a job] [--experiments N] [--beside CLONE]',
  flags: { seconds: positiveFlag(10), experiments: countFlag(40), beside: z.string().optional() },
  measure,
});

interface Flags {
  readonly seconds: number;
  readonly experiments: number;
  /** Folder with a built clone of another commit. */
  readonly beside?: string | undefined;
}

interface ArmFigures extends Throughput {
  readonly program: Program['name'];
  readonly perHour: number;
  /** Proposals that the model made. */
  readonly calls: number;
}

/** The model's time over the job's. */
const latency = 0.6;

async function measure(flags: Flags): Promise<BenchReport> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nocturne-bench-')));
  try {
    const arms = await Promise.all(programsOf(flags.beside).map((program) => measureArm(folder, program, flags)));
    const [ours, theirs] = arms;
    const ratio = ours && theirs ? { experimentsRatio: round(ours.perHour / theirs.perHour, 2) } : {};
    const rows = arms.map((arm) => [arm.program, `${round(arm.busyShare * 100, 1)} %`, arm.perHour, arm.calls]);
    const table = [['program', 'device busy', 'experiments per hour', 'proposals'], ...rows].map((cells) =>
      cells.map((cell) => String(cell).padEnd(24)).join(''),
    );
    return { figures: { ...flags, latency, arms, ...ratio }, table };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureArm(folder: string, program: Program, { seconds, experiments }: Flags): Promise<ArmFigures> {
  const project = join(folder, program.name);
  const model = await startSlowModel(latency * seconds);
  try {
    await layTimedProject({ folder: project, seconds, lines: model.lines });
    const throughput = throughputOf(await runStudy({ program, project, tag: 'bench', experiments }), 1);
    return {
      program: program.name,
      ...throughput,
      perHour: round(throughput.perMinute * 60, 0),
      calls: model.calls(),
    };
  } finally {
    await model.close();
  }
}
