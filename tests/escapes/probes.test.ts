import { beforeAll, describe, expect, it } from 'vitest';
import { keptWith, promises } from '../../src/core/base/promises.ts';
import { type AllTrials, allTrials, isRoot, type Kind, promisedOn, pythonFor } from './surroundings.ts';

interface Surroundings {
  readonly name: string;
  readonly kinds: readonly Kind[];
  /** How many probes at least the best rung stops there. */
  readonly bound: number;
}

const surroundings: readonly Surroundings[] = [
  { name: 'root', kinds: ['root'], bound: 45 },
  { name: 'an ordinary user', kinds: ['user'], bound: 43 },
  { name: 'root as Docker has it', kinds: ['docker'], bound: 45 },
];

const probes = promises.flatMap((promise) => [...promise.probes] as string[]).sort();

it('there are at least 47 probes', () => {
  expect(probes.length).toBeGreaterThanOrEqual(47);
});

// Whoever is not root cannot be root: what the tests' own user has is tried in tests/adapters/isolation.
describe.runIf(isRoot).each(surroundings)('the probes of $name', ({ kinds, bound }) => {
  const python = pythonFor(kinds);
  let found: AllTrials;

  beforeAll(async () => {
    if (python !== undefined) found = await allTrials(kinds, python);
  });

  const works = () => found.trials.filter(({ trial }) => trial.failure === undefined);
  const best = (isBubblewrap: boolean) => {
    const [first] = works().filter(({ rung }) => isBubblewrap || rung.bubblewrap === undefined);
    return first?.trial.blocked.filter((probe) => found.bare.open.includes(probe)).length ?? 0;
  };

  // An ordinary user may be kept from the checkout; root never is.
  it.runIf(!kinds.includes('user'))('can be made', () => {
    expect(python).toBeDefined();
  });

  it.runIf(python)('get through without a cage, so that it is the cage that stops them', () => {
    expect([...found.bare.open, ...found.bare.blocked].sort()).toEqual(probes);
    expect(found.bare.open.length).toBeGreaterThanOrEqual(47);
  });

  it.runIf(python)(`are stopped, at least ${bound} of those that get through without a cage`, () => {
    expect(best(false)).toBeGreaterThanOrEqual(bound);
    expect(best(true)).toBeGreaterThanOrEqual(best(false));
  });

  it.runIf(python)('prove on each rung what its tier promises there, no less and no more', () => {
    expect(works().length).toBeGreaterThanOrEqual(2);
    for (const { rung, trial } of works()) {
      const { system: _, code: __, ...which } = rung;
      expect(new Set(keptWith(trial.open)), JSON.stringify(which)).toEqual(new Set(promisedOn(rung, kinds)));
    }
  });
});
