/** What a study assumes of its proposals before it has seen them, and which kind of study it turns out to be. */
import { expect, test } from 'vitest';
import { halfShapes } from '../../../../../src/core/judge/policies/value/effects.ts';
import { weightsOf } from '../../../../../src/core/judge/policies/value/kinds.ts';
import { countsOf, formerKinds, gainOdds, publicKinds } from '../../../../../src/core/judge/policies/value/start.ts';
import { type Belief, runsOf, startWalk, type Walk } from '../../../../../src/core/judge/policies/value/walk.ts';

test.each([...publicKinds, ...formerKinds])('the assumptions of a kind are whole', ({ start }) => {
  expect(sum(countsOf(start))).toBeCloseTo(start.total, 2);
  expect(countsOf(start).every((count) => count >= 0)).toBe(true);
});

test('every study is of one of the kinds', () => {
  for (const kinds of [publicKinds, formerKinds]) expect(sum(kinds.map(({ share }) => share))).toBeCloseTo(1);
});

test('of a study without a word on it gains are assumed rarer the longer it goes and the longer the drought', () => {
  const shares = [
    shareOfGains(walkOver([])),
    shareOfGains(walkOver([], { proposals: 30, misses: 0 })),
    shareOfGains(walkOver([], { proposals: 30, misses: 30 })),
  ];
  expect(shares).toEqual(shares.toSorted((a, b) => b - a));
  expect(new Set(shares).size).toBe(3);
});

test('a study that began before public studies were counted assumes the same throughout', () => {
  const [former] = formerKinds;
  for (const misses of [0, 1, 50]) expect(former && gainOdds(former.start, { proposals: 100, misses })).toBe(1);
});

test('a study counts as the kind that foresees it: where nothing gains, as the one with fewer gains', () => {
  const kinds = [0.5, 0.1].map((gains) => ({
    share: 0.5,
    start: { total: 10, nothing: 0.3, gains, gainScales: even, harmScales: even, lasting: 1, misses: 0 },
  }));
  const logsAfter = (offset: number) => {
    const walk = startWalk(runsOf([-1, 0, 1]), { sigma: 1, kinds });
    for (let place = 0; place < 8; place++)
      walk.add({ ...runsOf([place * Math.min(0, offset) + offset]), researcher: '', isKept: offset < 0 });
    return walk.belief().learned.map(({ log }) => log);
  };
  const [manyAfterHarms = 0, fewAfterHarms = 0] = logsAfter(4);
  expect(fewAfterHarms).toBeGreaterThan(manyAfterHarms);
  const [manyAfterGains = 0, fewAfterGains = 0] = logsAfter(-4);
  expect(manyAfterGains).toBeGreaterThan(fewAfterGains);
});

const even = [0.2, 0.2, 0.2, 0.2, 0.2];

/** A walk over these scores, none kept. */
function walkOver(values: readonly number[], standing?: Belief['standing']): Belief {
  const walk: Walk = startWalk(runsOf([-1, 0, 1]), { sigma: 1 });
  for (const value of values) walk.add({ ...runsOf([value]), researcher: '', isKept: false });
  return { ...walk.belief(), ...(standing && { standing }) };
}

function shareOfGains({ learned, standing }: Belief): number {
  const [, ...halves] = weightsOf(learned, undefined, standing);
  return sum(halves.filter((_, shape) => halfShapes[shape]?.side === -1));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
