/**
 * What a study knows, for one that starts where it ended: what it tried and what came of that, for a model; its trials, for
 * searches; what its recipes did; and which candidates are not worth a second run.
 */
import type { Earlier, EarlierExperiment, KnownStudy } from '../../journal/earlier.ts';
import { statusOf } from '../../journal/experiment-row.ts';
import { failureText } from '../../journal/failure-text.ts';
import { type ExperimentRecord, experimentOf, type History, isDropped, valuesOf } from '../../journal/history.ts';
import { mean } from '../../statistics/moments.ts';
import type { KnobValues } from '../knob-change.ts';
import { recipeTries } from './recipe-tries.ts';
import { type Trials, turnedBy } from './trials.ts';

/** The latest of each are taken, so that a chain of a hundred nights stays a line of a journal. */
const maxExperiments = 1000;
const maxTrials = 500;
const maxTried = 2000;

/**
 * All of it; undefined for a study without a score. `trials` are the study's own as of now, and `isComparable` says whether its
 * frozen settings are those of the study that takes it up.
 */
export function earlierOfStudy(history: History, trials: Trials, isComparable: boolean): Earlier | undefined {
  const { tag, earlier, frozen } = history;
  const { name, goal } = frozen.metric;
  const best = valuesOf(experimentOf(history, history.incumbent));
  if (best.length === 0) return undefined;
  const settled = history.settled.map((experiment) => experimentOf(history, experiment));
  const known = earlier?.study;
  const before = (known?.trials ?? []).flatMap(({ values }) => Object.keys(values));
  const turned = new Set([...before, ...settled.flatMap(({ proposal }) => Object.keys(turnedBy(proposal)))]);
  const study: KnownStudy = {
    tag,
    isComparable,
    start: goal === 'minimize' ? mean(best) : -mean(best),
    trials: trials.finished
      .slice(-maxTrials)
      .map(({ values, scores }) => ({ values: journalled(values, turned), scores: [...scores] })),
    recipes: [...(known?.recipes ?? []), ...recipeTries(settled)],
    tried: Object.fromEntries(
      [...Object.entries(known?.isComparable ? known.tried : {}), ...triedBy(history)].slice(-maxTried),
    ),
  };
  const experiments = [...(known ? (earlier?.experiments ?? []) : []), ...settled.flatMap(experimentFor)];
  return { source: `study ${tag}`, metric: name, goal, experiments: experiments.slice(-maxExperiments), study };
}

/** The values of the knobs that were ever turned: those of others say nothing, and may be what a journal is not to hold. */
function journalled(values: KnobValues, turned: ReadonlySet<string>): KnownStudy['trials'][number]['values'] {
  const own = Object.entries(values).filter(([key]) => turned.has(key));
  return Object.fromEntries(own.map(([key, value]) => [key, typeof value === 'object' ? [...value] : value]));
}

function experimentFor(record: ExperimentRecord): EarlierExperiment[] {
  if (isDropped(record)) return [];
  const { experiment, proposal, verdict, runs } = record;
  const values = valuesOf(record);
  const status = statusOf(record);
  const reason = status === 'failed' ? failureText(runs.at(-1)?.result?.outcome, verdict?.reason ?? '') : undefined;
  return [
    {
      title: proposal?.title ?? 'baseline',
      status: status === 'kept' || status === 'baseline' ? 'keep' : status === 'failed' ? 'crash' : 'discard',
      ...(experiment === 0 && { isBaseline: true }),
      value: values.length === 0 ? null : mean(values),
      ...(reason !== undefined && { reason: reason.slice(0, 400) }),
    },
  ];
}

/** What was run, but for where the study ended: that is where the next one starts. */
function triedBy({ tag, contents, incumbent }: History): (readonly [content: string, what: string])[] {
  return [...contents].flatMap(([content, experiment]) =>
    experiment === incumbent
      ? []
      : [[content, `${experiment === 0 ? 'the baseline' : `experiment ${experiment}`} of study ${tag}`]],
  );
}
