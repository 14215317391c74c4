/**
 * Fits what public studies start from in the `value` policy: the assumptions under which their experiments, one after the
 * other, are least surprising to the policy's own walk, each repository once.
 */

import { weightsOf } from '../../src/core/judge/policies/value/kinds.ts';
import { likelihoodsOf } from '../../src/core/judge/policies/value/likelihood.ts';
import type { Start, StudyKind } from '../../src/core/judge/policies/value/start.ts';
import { runsOf, startWalk } from '../../src/core/judge/policies/value/walk.ts';
import { mean } from '../../src/core/statistics/moments.ts';
import { noisesOf } from './noise.ts';
import type { PublicStudy } from './study.ts';
import { repositoriesOf } from './tables.ts';

/** A kind with what was fitted of it. */
export interface Fitted {
  readonly kind: StudyKind;
  /** Mean logarithm of the likelihood of an experiment, each repository once. */
  readonly foresight: number;
}

/** The first of the kinds fitted to these studies beside the others, by a search along one assumption at a time; shares stay. */
export function fitKind(kinds: readonly StudyKind[], studies: readonly PublicStudy[], rounds: number): Fitted {
  const [first, ...others] = kinds;
  if (!first) throw new Error('there is a kind to fit');
  const foresightOf = (kind: StudyKind) => foresight([kind, ...others], studies);
  let best: Fitted = { kind: first, foresight: foresightOf(first) };
  for (let round = 0; round < rounds; round++) {
    for (const move of moves) {
      const kind = move(best.kind);
      const found = isSound(kind) ? foresightOf(kind) : Number.NEGATIVE_INFINITY;
      if (found > best.foresight) best = { kind, foresight: found };
    }
  }
  return best;
}

/** How well the walk foresees each experiment of these studies. */
export function foresight(kinds: readonly StudyKind[], studies: readonly PublicStudy[]): number {
  const byRepository = repositoriesOf(studies).map((repository) => {
    const own = studies.filter((study) => study.repository === repository);
    return mean(own.flatMap((study) => noisesOf(study).flatMap((noise) => logsOf(kinds, study, noise))));
  });
  return mean(byRepository);
}

/** The logarithms of the likelihoods of a study's experiments, one after the other, if one run's noise is this share. */
function logsOf(kinds: readonly StudyKind[], { goal, baseline, experiments }: PublicStudy, noise: number): number[] {
  const unit = noise * Math.abs(baseline) * (goal === 'minimize' ? 1 : -1);
  const walk = startWalk(runsOf([baseline / unit]), { sigma: 1, kinds });
  return experiments.flatMap(({ value, outcome }) => {
    if (value === null) return [];
    const { learned, standing, incumbent, origin } = walk.belief();
    const weights = weightsOf(learned, '', standing);
    const { likelihood } = likelihoodsOf(value / unit - origin - incumbent.mean, incumbent.variance + 1);
    walk.add({ ...runsOf([value / unit]), researcher: '', isKept: outcome === 'kept' });
    return [Math.log(weights.reduce((sum, weight, shape) => sum + weight * (likelihood[shape] ?? 0), 0))];
  });
}

/** A start weighs at least ten proposals, as before, so that no study's first few runs are all that it believes. */
const minTotal = 10;

function isSound({ start }: StudyKind): boolean {
  const { total, nothing, gains, lasting, misses } = start;
  const isShare = (value: number) => value > 0 && value < 1;
  return total >= minTotal && isShare(nothing + gains) && lasting <= 1 && misses >= 0;
}

const factors = [0.7, 1.4];
const moves: readonly ((kind: StudyKind) => StudyKind)[] = [
  ...(['total', 'nothing', 'gains', 'lasting'] as const).flatMap((key) =>
    factors.map((factor) => onStart((start) => ({ ...start, [key]: start[key] * factor }))),
  ),
  ...[-0.1, 0.1].map((step) => onStart((start) => ({ ...start, misses: start.misses + step }))),
  ...(['gainScales', 'harmScales'] as const).flatMap((key) =>
    [0, 1, 2, 3, 4].flatMap((scale) =>
      factors.map((factor) => onStart((start) => ({ ...start, [key]: weighed(start[key], scale, factor) }))),
    ),
  ),
];

function onStart(change: (start: Start) => Start) {
  return (kind: StudyKind): StudyKind => ({ ...kind, start: change(kind.start) });
}

/** The shares with one of them times this factor. */
function weighed(shares: readonly number[], at: number, factor: number): readonly number[] {
  const raw = shares.map((share, index) => (index === at ? share * factor : share));
  const sum = raw.reduce((total, share) => total + share, 0);
  return raw.map((share) => share / sum);
}
