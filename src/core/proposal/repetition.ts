/**
 * Why a change is not worth a run: it changes nothing but comments and names, or nothing but the seed, or it comes back to a
 * program that was tried before, such as one that undoes a change made since.
 */
import type { History } from '../journal/history.ts';
import { type ChangeKind, compareForms, type NormalForm } from './trivial-change.ts';

const reasons: Readonly<Record<ChangeKind, string | undefined>> = {
  same: 'it changes only comments, layout or names',
  'seed-only': "it changes only the seed, which is the harness's to choose",
  different: undefined,
};

/** The reason, if there is one. `besides` is an experiment that it may be the same as. */
export function findRepetition(
  history: History,
  before: NormalForm,
  after: NormalForm,
  besides?: number,
): string | undefined {
  const trivial = reasons[compareForms({ source: before }, { source: after })];
  if (trivial !== undefined) return trivial;
  const earlier = history.forms.get(after.seedless);
  if (earlier === undefined || earlier === besides) return undefined;
  return `the same program as ${earlier === 0 ? 'the baseline' : `experiment ${earlier}`}, comments, names and seed apart`;
}
