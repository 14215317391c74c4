import { describe, expect, it } from 'vitest';
import { dueCombination } from '../../../../../src/core/judge/policies/value/combination.ts';
import { decide } from '../../../../../src/core/judge/policies/value/decide.ts';
import { runsOf, startWalk, type Walk } from '../../../../../src/core/judge/policies/value/walk.ts';

const always = () => true;
const hopeful = [1, 11, 21, 31, 41, 51];
const usual = [2, 0.3, 4, -0.3];

/** A walk over proposals that do nothing or harm, with one 1.8 sigma better than the baseline at each place of `hopeful`. */
function walkOver(): Walk {
  const walk = startWalk(runsOf([-1, 0, 1]), { sigma: 1 });
  for (let place = 0; place < 60; place++) {
    const value = hopeful.includes(place) ? -1.8 : (usual[place % usual.length] ?? 0);
    walk.add({ ...runsOf([value]), researcher: 'random', isKept: false });
  }
  return walk;
}

describe('near misses', () => {
  it('are combined when together they are worth more than other proposals', () => {
    expect(dueCombination(walkOver().belief(), always)?.toSorted((a, b) => a - b)).toEqual(hopeful);
  });

  it('that do not go together are left for another time', () => {
    const joins = (places: readonly number[]) => !(places.includes(11) && places.includes(21));
    const members = dueCombination(walkOver().belief(), joins);
    expect(members).toContain(1);
    expect(members?.filter((place) => place === 11 || place === 21)).toHaveLength(1);
  });

  it('wait while nothing goes together', () => {
    expect(dueCombination(walkOver().belief(), (places) => places.length < 2)).toBeUndefined();
  });

  it.each([true, false])('are combined once, whether that is kept (%s) or not', (isKept) => {
    const walk = walkOver();
    walk.add({ ...runsOf([isKept ? -4 : 1]), researcher: 'combine', combines: hopeful, isKept });
    expect(dueCombination(walk.belief(), always)).toBeUndefined();
  });
});

it('a combination is thought to gain what its members gain together', () => {
  const [one, combined] = [walkOver(), walkOver()];
  one.add({ ...runsOf([-3]), researcher: 'random', isKept: true });
  combined.add({ ...runsOf([-3]), researcher: 'combine', combines: hopeful, isKept: true });
  expect(combined.belief().incumbent.mean).toBeLessThan(one.belief().incumbent.mean);
  expect(combined.belief().incumbent.variance).toBeLessThan(1);
});

it('what a combination did says nothing of what single proposals do', () => {
  const [before, after] = [walkOver(), walkOver()];
  after.add({ ...runsOf([-5]), researcher: 'combine', combines: hopeful, isKept: true });
  const known = (walk: Walk) => walk.belief().learned.map(({ learned }) => [...learned.byResearcher.keys()]);
  expect(known(after)).toEqual(known(before));
});

it('a keep waits for combinations, but not where those that are due are not made', () => {
  const [blocked, made] = [walkOver(), walkOver()];
  made.add({ ...runsOf([0]), researcher: 'combine', combines: hopeful, isKept: false });
  expect(smallestKeep(made)).toBeGreaterThan(smallestKeep(blocked) + 0.2);
});

/** How far below the incumbent, in sigma, six runs must be for a keep. */
function smallestKeep(walk: Walk): number {
  const belief = walk.belief();
  const scores = Array.from({ length: 100 }, (_, index) => index / 20);
  const isKept = (gain: number) => {
    const runs = runsOf(Array.from({ length: 6 }, () => belief.incumbent.mean - gain));
    return decide(belief, runs, { researcher: 'random' }, false) === 'keep';
  };
  return scores.find(isKept) ?? Number.POSITIVE_INFINITY;
}
