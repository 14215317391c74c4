/**
 * What a study assumes of its proposals before it has seen them: how often they gain, do nothing or harm, and at which
 * scales. Gains grow rarer the more proposals were judged and the longer ago the last keep is.
 */
import { halfShapes, scales } from './effects.ts';

/** The assumptions that a kind of study starts from; what it sees is learned on top. */
export interface Start {
  /** Their weight, in proposals. */
  readonly total: number;
  /** Shares of what does nothing and what gains, as of the first proposal; the rest are harms. */
  readonly nothing: number;
  readonly gains: number;
  /** Shares within the gains, and within the harms, by scale. */
  readonly gainScales: readonly number[];
  readonly harmScales: readonly number[];
  /** The odds of a gain fall with the proposals so far to this share of what they are at the first. */
  readonly lasting: number;
  /** The exponent with which they fall with the misses since the last keep. */
  readonly misses: number;
}

/** A kind of study, and the share of studies that are of it. */
export interface StudyKind {
  readonly share: number;
  readonly start: Start;
}

/** Where a study stands: proposals judged, and those of them since the last keep. */
export interface Standing {
  readonly proposals: number;
  readonly misses: number;
}

/** Proposals after which half of the fall is done; misses in a row after which the odds have fallen by 2 to their exponent. */
const firstProposals = 10;
const firstMisses = 5;

/** The odds of a gain here, relative to those of a study's first proposal. */
export function gainOdds(start: Start, { proposals, misses }: Standing): number {
  return (
    (start.lasting + (1 - start.lasting) / (1 + proposals / firstProposals)) *
    (1 + misses / firstMisses) ** -start.misses
  );
}

/** The pseudo-counts, in proposals, one for each shape of the mixture, as of the first proposal. */
export function countsOf({ total, nothing, gains, gainScales, harmScales }: Start): readonly number[] {
  const harms = 1 - nothing - gains;
  const shapes = halfShapes.map(({ side, scale }) => {
    const at = scales.indexOf(scale);
    return side < 0 ? gains * (gainScales[at] ?? 0) : harms * (harmScales[at] ?? 0);
  });
  return [nothing, ...shapes].map((share) => share * total);
}

const even = [0.2, 0.2, 0.2, 0.2, 0.2];
const evenToFour = [0.25, 0.25, 0.25, 0.25, 0];

/** One in ten gains, from the first proposal to the last: a script with little left to improve. */
const steady: Start = {
  total: 10,
  nothing: 0.4,
  gains: 0.1,
  gainScales: evenToFour,
  harmScales: evenToFour,
  lasting: 1,
  misses: 0,
};

/** Many gains at first, some of them large, and few later: what public studies did (docs/judge.md). */
const fading: Start = {
  total: 10,
  nothing: 0.2,
  gains: 0.4,
  gainScales: even,
  harmScales: even,
  lasting: 0.1,
  misses: 0.2,
};

/** What studies assume that began before public studies were counted. */
export const formerKinds: readonly StudyKind[] = [{ share: 1, start: steady }];

/** What new studies assume. */
export const publicKinds: readonly StudyKind[] = [
  { share: 0.5, start: fading },
  { share: 0.5, start: steady },
];
