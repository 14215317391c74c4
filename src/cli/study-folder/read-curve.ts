/**
 * The loss curve of one run, read from its log.
 */
import { jobKeyOf } from '../../adapters/run-folders/run-job.ts';
import { SettingsError } from '../../core/base/errors.ts';
import { countText } from '../../core/base/format.ts';
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
  const { runs } = requireExperiment(study, experiment);
  const measured = runs.find(({ result, isVoid }) => result?.measurement !== undefined && !isVoid);
  const found = asked === undefined ? (measured ?? runs.at(-1)) : runs.find(({ run }) => run === asked);
  if (!found) {
    throw new SettingsError(
      `Experiment ${experiment} of study ${study.tag} has ${asked === undefined ? 'no run yet' : `no run ${asked}; it has ${countText(runs.length, 'run')}`}.`,
      { hint: `See it with \`nocturne show ${experiment} --tag ${study.tag}\`.` },
    );
  }
  const { run } = found;
  const log = await jobs.readLogEnd(jobKeyOf(study.folder, { experiment, run }), 'train', maxLogBytes);
  const curve = readCurve(log);
  if (curve) return { experiment, run, unit: curve.unit, points: thinned(curve.points) };
  throw new SettingsError(
    `The log of run ${run} of experiment ${experiment} has no curve: fewer than two of its lines have a loss beside a step or a share of the budget.`,
    { hint: 'A line such as `step=10 loss=2.31` is read; docs/metrics.md has the forms.' },
  );
}
