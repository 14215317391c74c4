/**
 * Which kind of study this is: each kind has learned from the same proposals, from a start of its own, and counts as far as
 * it foresaw what they did (Bayesian model averaging).
 */
import { type Learned, learn, nothingLearned, type ProposalLikelihood, weightsAt } from './learning.ts';
import { gainOdds, type Standing, type Start, type StudyKind } from './start.ts';

/** A kind with what it has learned, and the logarithm of its share times the likelihood of all proposals so far. */
export interface KindLearned {
  readonly start: Start;
  readonly learned: Learned;
  readonly log: number;
}

/** The kinds before the first experiment. */
export function startKinds(kinds: readonly StudyKind[]): readonly KindLearned[] {
  return kinds.map(({ share, start }) => ({ start, learned: nothingLearned(start), log: Math.log(share) }));
}

/** The weights of a researcher's next proposal, or of any, where the study stands here. */
export function weightsOf(
  kinds: readonly KindLearned[],
  researcher: string | undefined,
  standing: Standing,
): readonly number[] {
  const most = Math.max(...kinds.map(({ log }) => log));
  const chances = kinds.map(({ log }) => Math.exp(log - most));
  const whole = chances.reduce((sum, chance) => sum + chance, 0);
  const weights = kinds.map(({ start, learned }) => weightsAt(learned, researcher, gainOdds(start, standing)));
  const [first = []] = weights;
  return first.map((_, shape) =>
    weights.reduce((sum, own, kind) => sum + ((chances[kind] ?? 0) / whole) * (own[shape] ?? 0), 0),
  );
}

/** The kinds after one more proposal: each counts by how likely it found what that did. */
export function weighKinds(kinds: readonly KindLearned[], proposal: ProposalLikelihood): readonly KindLearned[] {
  const { researcher, standing, likelihood } = proposal;
  return kinds.map((kind) => {
    const weights = weightsAt(kind.learned, researcher, gainOdds(kind.start, standing));
    const foreseen = weights.reduce((sum, weight, shape) => sum + weight * (likelihood[shape] ?? 0), 0);
    return { ...kind, log: kind.log + Math.log(foreseen) };
  });
}

/** The kinds after `steps` more steps of learning from all proposals. */
export function learnKinds(
  kinds: readonly KindLearned[],
  proposals: readonly ProposalLikelihood[],
  steps: number,
): readonly KindLearned[] {
  return kinds.map((kind) => ({ ...kind, learned: learn(kind.learned, proposals, steps, kind.start) }));
}
