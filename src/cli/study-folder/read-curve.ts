/**
 * The loss curve of one run, read from its log, or from the journal where that is gone.
 */
import { jobKeyOf } from '../../adapters/run-folders/run-job.ts';
import { SettingsError } from '../../core/base/errors.ts';
import { countText } from '../../core/base/format.ts';
import type { ExperimentRecord, RunRecord } from '../../core/journal/history.ts';
import type { Curve } from '../../core/views/report/attachments.ts';
import { thinned } from '../../core/views/report/curves.ts';
import { readCurve } from '../../core/views/report/log-curve.ts';
import type { JobReader } from '../../ports/engine.ts';
import { requireExperiment } from './read-experiment.ts';
import type { FoundStudy } from './studies.ts';

export interface RunCurve {
  readonly experiment: number;
  readonly run: number;
  /** What the points are over: the share of the budget, or the step. */
  readonly unit: Curve['unit'];
  /** At most 150 of them. */
  readonly points: Curve['points'];
}

/** Bytes of the end of a log that are read. */
const maxLogBytes = 1 << 20;

/**
 * The curve of a run, by default of the experiment's first measured run, else of its last. Throws a SettingsError where
 * there is no such run, or its log has no curve.
 */
export async function readRunCurve(
  study: FoundStudy,
  jobs: JobReader,
  experiment: number,
  asked: number | undefined,
): Promise<RunCurve> {
  const record = requireExperiment(study, experiment);
  const { runs } = record;
  const found = asked === undefined ? chosenRun(record) : runs.find(({ run }) => run === asked);
  if (!found) {
    throw new SettingsError(
      `Experiment ${experiment} of study ${study.tag} has ${asked === undefined ? 'no run yet' : `no run ${asked}; it has ${countText(runs.length, 'run')}`}.`,
      { hint: `See it with \`nocturne show ${experiment} --tag ${study.tag}\`.` },
    );
  }
  const { run } = found;
  const curve = await curveOfRun(study, jobs, found, experiment);
  if (curve) return { experiment, run, unit: curve.unit, points: thinned(curve.points) };
  throw new SettingsError(
    `The log of run ${run} of experiment ${experiment} has no curve: fewer than two of its lines have a loss beside a step or a share of the budget.`,
    { hint: 'A line such as `step=10 loss=2.31` is read; docs/metrics.md has the forms.' },
  );
}

/** The whole curve of an experiment's first measured run, else of its last; undefined where there is none. */
export async function findCurve(study: FoundStudy, jobs: JobReader, experiment: number): Promise<Curve | undefined> {
  const run = chosenRun(requireExperiment(study, experiment));
  return run && curveOfRun(study, jobs, run, experiment);
}

function chosenRun({ runs }: ExperimentRecord): RunRecord | undefined {
  return runs.find(({ result, isVoid }) => result?.measurement !== undefined && !isVoid) ?? runs.at(-1);
}

/** From its log, else the few points that the journal has. */
async function curveOfRun(
  { folder }: FoundStudy,
  jobs: JobReader,
  { run, result }: RunRecord,
  experiment: number,
): Promise<Curve | undefined> {
  const found = readCurve(await jobs.readLogEnd(jobKeyOf(folder, { experiment, run }), 'train', maxLogBytes));
  if (found) return found;
  const points = (result?.curve ?? []).map(([at, loss]) => ({ at, loss }));
  return points.length < 2 ? undefined : { unit: 'share', points };
}
