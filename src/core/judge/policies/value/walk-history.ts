/**
 * The walk over a study's history: which experiments the `value` policy learns from, and what.
 *
 * The loop holds a study's walk and hands it to the judge. Each verdict continues where the last one stopped, so that
 * one after 10,000 experiments costs as much as one after 10. A walk follows from the history alone: when a study is
 * opened again, it is walked over once from the start, and gives the same belief.
 */
import { ok } from '../../../base/errors.ts';
import { type ExperimentRecord, experimentOf, type History, valuesOf } from '../../../journal/history.ts';
import { isNoiseless, resolutionOf } from '../../../journal/noise.ts';
import type { Proposed } from './prior.ts';
import { formerKinds, publicKinds } from './start.ts';
import { type Runs, runsOf, startWalk, type Walk } from './walk.ts';

/** The walk of one study, up to the experiments that were judged when it was last asked for. */
export interface StudyWalk {
  /**
   * Adds the experiments that have got their final verdict; undefined when the baseline's runs are equal, without
   * noise.
   */
  readonly over: (history: History) => Walk | undefined;
  /** Whose proposal an experiment is, with what it combines by its place in the walk. */
  readonly proposedBy: (record: ExperimentRecord) => Proposed;
  /** The experiment at a place in the walk. */
  readonly experimentAt: (place: number) => number;
}

interface Progress {
  readonly walk: Walk;
  /** The experiments in the walk, in its order. */
  readonly experiments: number[];
  /** How many experiments it has walked over, in the order of their verdicts. */
  next: number;
  incumbent: number;
  /** Number of the incumbent's scores; when it is run again, the walk starts over. */
  incumbentRuns: number;
  /** How often a keep was taken out; when another one is, the walk starts over. */
  readonly withdrawals: number;
}

/** A walk that has not begun. */
export function createStudyWalk(): StudyWalk {
  let walked: History | undefined;
  let progress: Progress | undefined;
  const proposedBy = (record: ExperimentRecord) => proposedIn(progress?.experiments ?? [], record);
  return {
    proposedBy,
    experimentAt: (place) => {
      const experiment = progress?.experiments[place];
      ok(experiment !== undefined, 'a place in the walk is an experiment');
      return experiment;
    },
    over: (history) => {
      ok(walked === undefined || walked === history, 'a walk is over one study');
      walked = history;
      if (isNoiseless(history)) return undefined;
      const isStale =
        progress?.withdrawals !== history.withdrawals ||
        valuesOf(experimentOf(history, progress.incumbent)).length !== progress.incumbentRuns;
      if (!progress || isStale) {
        progress = startOver(history);
      }
      for (; progress.next < history.settled.length; progress.next++) {
        const experiment = history.settled[progress.next] ?? 0;
        if (experiment > 0) walkOver(history, progress, experimentOf(history, experiment));
      }
      return progress.walk;
    },
  };
}

/** An experiment's runs, with the sign of their scores turned where higher is better: lower is better here. */
export function orientedRuns(history: History, record: ExperimentRecord): Runs {
  const sign = history.frozen.metric.goal === 'minimize' ? 1 : -1;
  return runsOf(valuesOf(record).map((value) => sign * value));
}

function startOver(history: History): Progress {
  const baseline = experimentOf(history, 0);
  // A study that began before goes on as it was judged.
  const kinds = history.assumes === 'public' ? publicKinds : formerKinds;
  const walk = startWalk(orientedRuns(history, baseline), { minSigma: resolutionOf([baseline]), kinds });
  const { withdrawals } = history;
  return { walk, experiments: [], next: 0, incumbent: 0, incumbentRuns: valuesOf(baseline).length, withdrawals };
}

/** Adds a settled experiment. One that failed, or whose parent is not the incumbent any more, is skipped. */
function walkOver(history: History, progress: Progress, record: ExperimentRecord): void {
  const values = valuesOf(record);
  const isKept = record.verdict?.decision === 'keep';
  if (values.length > 0 && record.parent === progress.incumbent) {
    progress.walk.add({ ...orientedRuns(history, record), ...proposedIn(progress.experiments, record), isKept });
    progress.experiments.push(record.experiment);
  }
  if (!isKept) return;
  progress.incumbent = record.experiment;
  progress.incumbentRuns = values.length;
}

/** A combination of which the walk has not every member is taken for a usual proposal. */
function proposedIn(experiments: readonly number[], record: ExperimentRecord): Proposed {
  const { researcher = '', combines, expects } = record;
  const repeats = experiments.indexOf(record.repeats ?? 0);
  if (!combines) return { researcher, ...(expects && { expects }), ...(repeats >= 0 && { repeats }) };
  const places = combines.map((experiment) => experiments.indexOf(experiment));
  return places.includes(-1) ? { researcher } : { researcher, combines: places };
}
