/**
 * The walk over a study's history: which experiments are evidence, and for what.
 *
 * Whoever judges a study holds its walk and hands it down, and each verdict goes on from where the last one came to, so
 * that one after ten thousand experiments costs as much as one after ten. A walk is a consequence of the history: a study
 * that is opened again walks once over everything and believes the same.
 */
import { ok } from '../../../base/errors.ts';
import { type ExperimentRecord, experimentOf, type History, valuesOf } from '../../../journal/history.ts';
import { resolutionOf } from '../../../journal/noise.ts';
import { type Runs, runsOf, startWalk, type Walk } from './walk.ts';

/** The walk of one study, as far as its experiments were judged when it was last asked for. */
export interface StudyWalk {
  /** Goes on over the experiments that have their final verdict; undefined when a seed changes nothing, so that there is no noise. */
  readonly over: (history: History) => Walk | undefined;
}

interface Progress {
  readonly walk: Walk;
  /** The first experiment not walked over yet. */
  next: number;
  incumbent: number;
  /** Values of the incumbent, which may be run again later. */
  incumbentRuns: number;
}

/** A walk that has not begun. */
export function createStudyWalk(): StudyWalk {
  let walked: History | undefined;
  let progress: Progress | undefined;
  return {
    over: (history) => {
      ok(walked === undefined || walked === history, 'a walk is over one study');
      walked = history;
      if (isNoiseless(history)) return undefined;
      if (!progress || valuesOf(experimentOf(history, progress.incumbent)).length !== progress.incumbentRuns) {
        progress = startOver(history);
      }
      for (; progress.next < history.experiments.length; progress.next++) {
        if (!walkOver(history, progress, experimentOf(history, progress.next))) break;
      }
      return progress.walk;
    },
  };
}

/** The runs of an experiment such that lower is better. */
export function orientedRuns(history: History, record: ExperimentRecord): Runs {
  const sign = history.frozen.metric.goal === 'minimize' ? 1 : -1;
  return runsOf(valuesOf(record).map((value) => sign * value));
}

function isNoiseless(history: History): boolean {
  const values = valuesOf(experimentOf(history, 0));
  return values.length > 1 && values.every((value) => value === values[0]);
}

function startOver(history: History): Progress {
  const baseline = experimentOf(history, 0);
  const walk = startWalk(orientedRuns(history, baseline), { leastSigma: resolutionOf([baseline]) });
  return { walk, next: 1, incumbent: 0, incumbentRuns: valuesOf(baseline).length };
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
