/**
 * The walk over a study's history: which experiments are evidence, and for what.
 *
 * A walk is remembered per History, which grows in place, so that a verdict after ten thousand experiments costs as much as
 * one after ten; a study that is opened again walks once over everything and believes the same.
 */
import { type ExperimentRecord, experimentOf, type History, valuesOf } from '../../../journal/history.ts';
import { resolutionOf } from '../../../journal/noise.ts';
import { type Runs, runsOf, startWalk, type Walk } from './walk.ts';

interface Progress {
  readonly walk: Walk;
  /** The first experiment not walked over yet. */
  next: number;
  incumbent: number;
  /** Values of the incumbent, which may be run again later. */
  incumbentRuns: number;
}

const walks = new WeakMap<History, Progress>();

/** The walk over every experiment that has its final verdict; undefined when a seed changes nothing, so that there is no noise. */
export function walkOf(history: History): Walk | undefined {
  const baseline = experimentOf(history, 0);
  const values = valuesOf(baseline);
  if (values.length > 1 && values.every((value) => value === values[0])) return undefined;
  let progress = walks.get(history);
  if (!progress || valuesOf(experimentOf(history, progress.incumbent)).length !== progress.incumbentRuns) {
    const walk = startWalk(orientedRuns(history, baseline), { leastSigma: resolutionOf([baseline]) });
    progress = { walk, next: 1, incumbent: 0, incumbentRuns: values.length };
    walks.set(history, progress);
  }
  for (; progress.next < history.experiments.length; progress.next++) {
    if (!walkOver(history, progress, experimentOf(history, progress.next))) break;
  }
  return progress.walk;
}

/** The runs of an experiment such that lower is better. */
export function orientedRuns(history: History, record: ExperimentRecord): Runs {
  const sign = history.frozen.metric.goal === 'minimize' ? 1 : -1;
  return runsOf(valuesOf(record).map((value) => sign * value));
}

/** Whether the experiment is done with. One that failed, or that changed something else than the incumbent, is no evidence. */
function walkOver(history: History, progress: Progress, record: ExperimentRecord): boolean {
  if (!record.verdict || record.verdict.decision === 'rerun') return false;
  const values = valuesOf(record);
  const isKept = record.verdict.decision === 'keep';
  if (values.length > 0 && record.parent === progress.incumbent) {
    progress.walk.add({ ...orientedRuns(history, record), researcher: record.researcher ?? '', isKept });
  }
  if (!isKept) return true;
  progress.incumbent = record.experiment;
  progress.incumbentRuns = values.length;
  return true;
}
