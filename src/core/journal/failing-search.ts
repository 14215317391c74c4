/**
 * A search that has answered none of its questions, so that all it seems to have proposed is another's.
 */
import { withFullStop } from '../base/format.ts';
import { findResearcher } from '../base/researchers.ts';
import type { ExperimentRecord, History } from './history.ts';

/** Questions that must have failed, and none been answered, before it is said. */
export const failedQuestions = 3;

/** What the owner should know, one sentence for each such search. */
export function failingSearchWarnings({ experiments }: History): readonly string[] {
  const names = new Set(experiments.flatMap(({ inPlaceOf }) => inPlaceOf?.researcher ?? []));
  return [...names].flatMap((name) => warningOf(name, experiments) ?? []);
}

/** The warning that this experiment completes, so that it is said once. */
export function newFailingSearchWarning(history: History, experiment: number): string | undefined {
  const { experiments } = history;
  const name = experiments[experiment]?.inPlaceOf?.researcher;
  if (name === undefined || failuresOf(name, experiments).length !== failedQuestions) return undefined;
  return warningOf(name, experiments);
}

function warningOf(name: string, experiments: readonly ExperimentRecord[]): string | undefined {
  const failures = failuresOf(name, experiments);
  const isAnswered = experiments.some(({ researcher }) => researcher === name);
  if (isAnswered || failures.length < failedQuestions) return undefined;
  const [last] = failures.slice(-1);
  const others = [...new Set(failures.map(({ researcher = '' }) => researcher))].join(' and ');
  const remedy = findResearcher(name)?.needs?.kind === 'optuna' ? ' `nocturne doctor` says which Optuna it asks.' : '';
  return `${name} has failed at all ${failures.length} questions, and ${others} proposed in its place: ${withFullStop(last?.inPlaceOf?.reason ?? '')}${remedy}`;
}

function failuresOf(name: string, experiments: readonly ExperimentRecord[]): readonly ExperimentRecord[] {
  return experiments.filter(({ inPlaceOf }) => inPlaceOf?.researcher === name);
}
