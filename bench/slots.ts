/**
 * How many experiments a minute come from 1, 2, 4 and 8 slots, over the ideal; and from four slots beside OpenEvolve with as many
 * workers, on the same job and with a model as slow, at the same time.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countFlag, defineBench, positiveFlag } from './bench.ts';
import { type Program, programsOf, runStudy, type Throughput, throughputOf } from './command/run-study.ts';
import { startSlowModel } from './command/slow-model.ts';
import { layTimedProject } from './command/timed-project.ts';
import { type BenchReport, round } from './report.ts';
import { installOpenEvolve, openEvolveVersion, runOpenEvolve } from './slots/open-evolve.ts';

/** `npm run bench -- slots`; the program is the one in `dist`. */
export const bench = defineBench('slots', {
  summary:
    'experiments a minute on 1, 2, 4 and 8 slots over the ideal, and beside OpenEvolve [--seconds S of a job] [--waves N of jobs on each slot] [--programs N beside OpenEvolve]',
  flags: { seconds: positiveFlag(5), waves: countFlag(16), programs: countFlag(24) },
  measure,
});

interface Flags {
  readonly seconds: number;
  readonly waves: number;
  readonly programs: number;
}

interface SlotFigures extends Throughput {
  readonly slots: number;
  /** Experiments a minute over those of jobs that follow each other without a gap. */
  readonly ofIdeal: number;
}

interface SideFigures extends Throughput {
  readonly who: string;
  /** Wall seconds of the whole command, and the programs a minute by them. */
  readonly wholeSeconds: number;
  readonly wholePerMinute: number;
  /** Processor seconds of the whole command for each program, its training included. */
  readonly cpuSeconds: number;
}

const slotCounts = [1, 2, 4, 8];
/** Of the comparison with OpenEvolve. */
const [workers, jobSeconds, latencySeconds] = [4, 2, 1.2];

async function measure(flags: Flags): Promise<BenchReport> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nocturne-bench-')));
  try {
    const [program] = programsOf(undefined);
    if (!program) throw new Error('there is always a program');
    const slots: SlotFigures[] = [];
    for (const count of slotCounts) slots.push(await measureSlots(folder, program, count, flags));
    const beside = await measureBeside(folder, program, flags.programs);
    return { figures: { ...flags, slots, workers, jobSeconds, latencySeconds, beside }, table: tableOf(slots, beside) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureSlots(folder: string, program: Program, slots: number, flags: Flags): Promise<SlotFigures> {
  const project = join(folder, `slots-${slots}`);
  await layTimedProject({ folder: project, seconds: flags.seconds, lines: ['researcher: random'] });
  const session = { program, project, tag: 'bench', experiments: flags.waves * slots };
  const throughput = throughputOf(await runStudy({ ...session, flags: ['--slots', String(slots)] }), slots);
  return { slots, ...throughput, ofIdeal: round((throughput.perMinute * flags.seconds) / 60 / slots, 4) };
}

async function measureBeside(folder: string, program: Program, programs: number): Promise<readonly SideFigures[]> {
  const python = await installOpenEvolve(folder);
  const project = join(folder, 'beside');
  const model = await startSlowModel(latencySeconds);
  try {
    await layTimedProject({ folder: project, seconds: jobSeconds, lines: model.lines });
    const flags = ['--slots', String(workers)];
    const place = join(folder, 'open-evolve');
    const [ours, theirs] = await Promise.all([
      runStudy({ program, project, tag: 'bench', experiments: programs, flags }),
      runOpenEvolve(python, { folder: place, programs, workers, jobSeconds, latencySeconds }),
    ]);
    const sides = [
      ['nocturne', ours],
      [`OpenEvolve ${openEvolveVersion}`, theirs],
    ] as const;
    return sides.map(([who, { seconds, cpuSeconds, runs }]) => ({
      who,
      ...throughputOf({ runs }, workers),
      wholeSeconds: round(seconds, 1),
      wholePerMinute: round((programs / seconds) * 60, 1),
      cpuSeconds: round(cpuSeconds / programs, 3),
    }));
  } finally {
    await model.close();
  }
}

function tableOf(slots: readonly SlotFigures[], beside: readonly SideFigures[]): string[] {
  const line = (...cells: readonly (string | number)[]) => cells.map((cell) => String(cell).padEnd(22)).join('');
  return [
    line('slots', 'a minute', 'of the ideal', 'busy'),
    ...slots.map((each) => line(each.slots, each.perMinute, each.ofIdeal, each.busyShare)),
    line(`${workers} workers`, 'a minute', 'with start and end', 'CPU s a program'),
    ...beside.map((each) => line(each.who, each.perMinute, each.wholePerMinute, each.cpuSeconds)),
  ];
}
