/**
 * The harness's time per experiment (wall time minus training) beside that of a shell loop, called the floor. The two
 * take turns, so that a busy machine slows both; a study of 10 and one of 1,000 experiments show whether the time
 * grows.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineBench } from './bench.ts';
import { layProject } from './fixture-project.ts';
import { type BenchStudy, type MeasuredExperiment, openBenchStudy } from './loop/bench-study.ts';
import { type Floor, startFloor } from './loop/floor.ts';
import { type BenchReport, round, type Spread, spreadOf, spreadText } from './report.ts';

const sizes = [10, 1000];
const rounds = 40;

interface SizeFigures {
  readonly experiments: number;
  /** Milliseconds per experiment. */
  readonly ours: Spread;
  readonly floor: Spread;
  /** The median of ours divided by the floor's. */
  readonly ratio: number;
  /** Median milliseconds of each step. */
  readonly steps: Readonly<Record<string, number>>;
}

/** `npm run bench -- loop`. */
export const bench = defineBench('loop', {
  summary: "the harness's time per experiment, beside a shell loop that does the same by hand",
  flags: {},
  measure,
});

/** Measures in rounds: at each size one experiment of ours and one of the floor. */
async function measure(): Promise<BenchReport> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nocturne-bench-')));
  try {
    const pairs = [];
    for (const size of sizes) pairs.push(await openPair(folder, size));
    for (let count = 0; count < rounds; count += 1) for (const pair of pairs) await takeTurns(pair);
    const figures = pairs.map(summarise);
    for (const { study, floor } of pairs) await Promise.all([study.close(), floor.close()]);
    return { figures: { sizes: figures }, table: tableOf(figures) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Pair {
  readonly experiments: number;
  readonly study: BenchStudy;
  readonly floor: Floor;
  readonly ours: MeasuredExperiment[];
  readonly floors: number[];
}

async function openPair(folder: string, experiments: number): Promise<Pair> {
  const study = await openBenchStudy(join(folder, `study-${experiments}`), experiments);
  const byHand = join(folder, `floor-${experiments}`);
  await layProject(byHand);
  return { experiments, study, floor: startFloor(byHand, study.interpreter), ours: [], floors: [] };
}

async function takeTurns({ study, floor, ours, floors }: Pair): Promise<void> {
  ours.push(await study.experiment());
  floors.push(await floor.experiment());
}

function summarise({ experiments, ours, floors }: Pair): SizeFigures {
  const spent = spreadOf(ours.map(({ wall, training }) => wall - (training.ended - training.began)));
  const floor = spreadOf(floors);
  const split = ours.map(stepsOf);
  const steps = Object.keys(split[0] ?? {}).map((step) => [
    step,
    spreadOf(split.map((each) => each[step] ?? 0)).median,
  ]);
  return {
    experiments,
    ours: spent,
    floor,
    ratio: round(spent.median / floor.median, 2),
    steps: Object.fromEntries(steps),
  };
}

/** An experiment's milliseconds by step; together they are its wall time without the training. */
function stepsOf({ wall, training, methods }: MeasuredExperiment): Readonly<Record<string, number>> {
  const spent = (...names: string[]) => names.reduce((sum, name) => sum + (methods[name]?.milliseconds ?? 0), 0);
  const steps = {
    propose: spent('workspace.read', 'knobReader.read', 'researcher.propose', 'workspace.identify'),
    commit: spent('workspace.commitCandidate'),
    'lay folders': spent('runFolders.lay'),
    'start to first line': training.began - (methods['engine.submit']?.lastBegan ?? 0),
    'end to result': (methods['engine.poll']?.lastEnded ?? 0) - training.ended,
    conclude: spent('engine.collect', 'runFolders.outputs'),
    verdict: spent('workspace.commitKeep', 'workspace.moveBranch', 'runFolders.discard'),
    journal: spent('archive.append'),
  };
  const known = Object.values(steps).reduce((sum, milliseconds) => sum + milliseconds, 0);
  return { ...steps, rest: wall - (training.ended - training.began) - known };
}

function tableOf(figures: readonly SizeFigures[]): string[] {
  const line = (name: string, cells: readonly string[]) => [name, ...cells].map((cell) => cell.padEnd(26)).join('');
  const row = (name: string, cell: (each: SizeFigures) => string) => line(name, figures.map(cell));
  const steps = Object.keys(figures[0]?.steps ?? {});
  return [
    row('experiments', ({ experiments }) => String(experiments)),
    row('ours ms', ({ ours }) => spreadText(ours)),
    row('floor ms', ({ floor }) => spreadText(floor)),
    row('ratio', ({ ratio }) => String(ratio)),
    ...steps.map((step) => row(`  ${step}`, (each) => String(each.steps[step]))),
  ];
}
