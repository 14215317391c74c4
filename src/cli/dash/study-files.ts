/**
 * What a page shows of a study that is not in its journal: the logs of its runs, and diffs.
 */
import { jobKeyOf } from '../../adapters/run-folders/run-job.ts';
import { type ExperimentRecord, experimentOf } from '../../core/journal/history.ts';
import type { ExperimentFiles } from '../../core/views/experiment-page.ts';
import { runsInFlightOf } from '../../core/views/in-flight.ts';
import { curvesBeside, curvesFrom, type OwnedCurve } from '../../core/views/live-curves.ts';
import { type LiveRun, liveRun } from '../../core/views/live-run.ts';
import type { Curve } from '../../core/views/report/attachments.ts';
import type { Curves } from '../../core/views/report/curves.ts';
import { readCurve } from '../../core/views/report/log-curve.ts';
import { openJobReader } from '../compose/engines.ts';
import { readPatch } from '../study-folder/read-experiment.ts';
import type { LiveStudy } from './live-studies.ts';

/** The end of a log that is read: of a run in flight again and again, so less of it. */
const [liveLogBytes, logBytes] = [1 << 17, 1 << 20];
/** Runs in flight that are shown. */
const maxRuns = 16;

/** The runs in flight with what their logs show. */
export async function readLiveRuns(study: LiveStudy, now: string): Promise<readonly LiveRun[]> {
  const jobs = openJobReader(study.history.session.engine);
  const running = runsInFlightOf(study, study.isLive ? now : undefined).slice(0, maxRuns);
  return Promise.all(
    running.map(async (run) => liveRun(run, await jobs.readLogEnd(jobKeyOf(study.folder, run), 'train', liveLogBytes))),
  );
}

/** Their curves beside the incumbent's. */
export async function readLiveCurves(study: LiveStudy, runs: readonly LiveRun[]): Promise<Curves | undefined> {
  if (runs.every(({ curve }) => curve === undefined)) return undefined;
  const { curveOf } = await study.views.attachments();
  return curvesBeside(ownedCurve(study, study.history.incumbent, curveOf(study.history.incumbent)), runs);
}

/** The diff of an experiment, its latest log, and its curve beside that of its parent. */
export async function readExperimentFiles(study: LiveStudy, record: ExperimentRecord): Promise<ExperimentFiles> {
  const { experiment, parent } = record;
  const log = await readLatestLog(study, record);
  const before = parent === undefined ? undefined : await readLatestLog(study, experimentOf(study.history, parent));
  const owned = [
    ...(parent === undefined || before === undefined ? [] : [ownedCurve(study, parent, readCurve(before))]),
    ownedCurve(study, experiment, readCurve(log)),
  ];
  const isDrawn = owned.at(-1)?.curve !== undefined;
  return { patch: await readPatch(study, experiment), log, curves: isDrawn ? curvesFrom(owned) : undefined };
}

async function readLatestLog(study: LiveStudy, { experiment, runs }: ExperimentRecord): Promise<string> {
  const run = runs.at(-1)?.run;
  if (run === undefined) return '';
  const jobs = openJobReader(study.history.session.engine);
  return jobs.readLogEnd(jobKeyOf(study.folder, { experiment, run }), 'train', logBytes);
}

function ownedCurve({ history }: LiveStudy, experiment: number, curve: Curve | undefined): OwnedCurve {
  const title = experiment === 0 ? 'baseline' : (history.experiments[experiment]?.proposal?.title ?? '');
  return { experiment, title, curve };
}
