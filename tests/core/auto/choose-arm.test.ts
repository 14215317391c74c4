import { describe, expect, it } from 'vitest';
import { chooseArm } from '../../../src/core/auto/choose-arm.ts';
import type { ArmName } from '../../../src/core/base/researchers.ts';
import type { Shares } from '../../../src/core/journal/settings/read-shares.ts';
import { type ArmStudy, createArmStudy } from '../../helpers/arm-study.ts';

const search: readonly ArmName[] = ['bayes-gp', 'bayes-tpe', 'random'];
const all: readonly ArmName[] = ['llm-knobs', 'llm-code', ...search];
const counted: readonly ArmName[] = ['recipe', ...all];

/** How often each arm is chosen over 400 seeds, as shares of 1. */
function shareOf(study: ArmStudy, arms: readonly ArmName[], shares: Shares = {}): Record<ArmName, number> {
  const counts = Object.fromEntries(counted.map((arm) => [arm, 0])) as Record<ArmName, number>;
  for (let seed = 0; seed < 400; seed++) {
    const choice = chooseArm(study.history(), arms, shares, `seed ${seed}`);
    if (choice) counts[choice.arm] += 1;
  }
  for (const arm of counted) counts[arm] /= 400;
  return counts;
}

/** A study with `count` reverted experiments of an arm. */
function reverted(count: number, arm: ArmName, study = createArmStudy()): ArmStudy {
  for (let index = 0; index < count; index++) study.pull(arm);
  return study;
}

describe('a cold start', () => {
  it("opens with a model's bundles of knobs where there is a model", () => {
    expect(shareOf(createArmStudy(), all)['llm-knobs']).toBe(1);
    expect(chooseArm(createArmStudy().history(), all, {}, 'x')?.why).toMatch(
      /^experiment 1 of the 6 that open a study/,
    );
  });

  it('asks an optimiser from the start, which steps around the current values until it has trials', () => {
    expect(shareOf(createArmStudy(), search)['bayes-gp']).toBeGreaterThan(0.6);
  });

  it('tries what is customary before anything is searched, for as long as it pays', () => {
    const study = reverted(3, 'recipe');
    const arms: readonly ArmName[] = ['recipe', 'bayes-tpe', 'random'];
    expect(chooseArm(study.history(), arms, {}, 'x')).toEqual({
      arm: 'recipe',
      why: 'what is customary is tried before anything is searched, until 4 of its changes in a row bring nothing',
    });
    expect(shareOf(study.pull('recipe', 1), arms).recipe).toBe(1);
    expect(shareOf(reverted(3, 'recipe', study), arms).recipe).toBe(1);
    expect(shareOf(study.pull('recipe'), ['recipe', ...search]).recipe).toBeLessThan(0.8);
    expect(shareOf(study, search).recipe).toBe(0);
  });

  it('takes turns with a Gaussian process once two customary changes in a row brought nothing', () => {
    const arms: readonly ArmName[] = ['recipe', ...search];
    const study = reverted(1, 'recipe');
    expect(shareOf(study, arms).recipe).toBe(1);
    expect(chooseArm(study.pull('recipe').history(), arms, {}, 'x')).toEqual({
      arm: 'bayes-gp',
      why: 'in turns with what is customary, of which the last 2 brought nothing',
    });
    expect(shareOf(study, ['recipe', 'bayes-tpe', 'random']).recipe).toBe(1);
    expect(shareOf(study.pull('bayes-gp'), arms).recipe).toBe(1);
    expect(shareOf(study.pull('recipe', 1), arms).recipe).toBe(1);
  });

  it('goes on with what is customary after others had their share, and not again once it has failed', () => {
    const arms: readonly ArmName[] = ['recipe', ...search];
    expect(shareOf(reverted(2, 'random', reverted(3, 'recipe')), arms).recipe).toBe(1);
    const failed = reverted(4, 'recipe');
    expect(shareOf(failed.pull('recipe', 1), arms).recipe).toBeLessThan(0.8);
  });

  it('leaves what is customary to an agent where there is one', () => {
    expect(shareOf(createArmStudy(), ['recipe', 'command-code', ...search]).recipe).toBeLessThan(0.2);
  });

  it('leaves what is customary to a model where there is one', () => {
    expect(shareOf(createArmStudy(), ['recipe', ...all])['llm-knobs']).toBe(1);
    const later = shareOf(reverted(6, 'llm-knobs'), ['recipe', ...all]).recipe;
    expect(later).toBeGreaterThan(0.05);
    expect(later).toBeLessThan(0.5);
  });

  it('asks the only arm there is, which needs no reason', () => {
    expect(chooseArm(createArmStudy().history(), ['random'], {}, 'x')).toEqual({ arm: 'random', why: '' });
  });

  it('has no choice without an arm', () => {
    expect(chooseArm(createArmStudy().history(), [], {}, 'x')).toBeUndefined();
  });

  it('gives the optimisers most of the experiments once the opening is over', () => {
    const shares = shareOf(reverted(6, 'random'), search);
    expect(shares['bayes-gp'] + shares['bayes-tpe']).toBeGreaterThan(0.75);
    expect(shares.random).toBeGreaterThan(0);
  });
});

describe('what pays is asked more often', () => {
  it('an arm that gains is preferred to one that does not', () => {
    const study = reverted(6, 'random');
    for (let round = 0; round < 6; round++) study.pull('random', 0.5).pull('bayes-gp').pull('bayes-tpe');
    expect(shareOf(study, search).random).toBeGreaterThan(0.6);
  });

  it('an arm that takes four times as long for the same gain is not', () => {
    const study = reverted(6, 'random');
    for (let round = 0; round < 8; round++) study.pull('bayes-gp', 0.5, 20).pull('bayes-tpe', 0.5, 5);
    const shares = shareOf(study, search);
    expect(shares['bayes-tpe']).toBeGreaterThan(2 * shares['bayes-gp']);
  });

  it('the large gains of a young study do not outshine what pays now', () => {
    const study = createArmStudy();
    for (let round = 0; round < 6; round++) study.pull('random', 20);
    for (let round = 0; round < 14; round++) study.pull('random').pull('bayes-gp', round % 3 === 0 ? 0.3 : 0);
    const shares = shareOf(study, ['bayes-gp', 'random']);
    expect(shares['bayes-gp']).toBeGreaterThan(0.55);
  });

  it('evidence fades, so an arm that stopped paying loses its lead', () => {
    const study = reverted(6, 'random');
    for (let round = 0; round < 5; round++) study.pull('bayes-gp', 1).pull('bayes-tpe');
    const before = shareOf(study, search)['bayes-gp'];
    for (let round = 0; round < 30; round++) study.pull('bayes-gp');
    expect(before).toBeGreaterThan(0.8);
    expect(shareOf(study, search)['bayes-gp']).toBeLessThan(0.5);
  });

  it('an arm that only crashes is asked less and less, and never given up', () => {
    const study = reverted(6, 'random').pull('random', 0.3).pull('bayes-tpe', 0.3);
    for (let round = 0; round < 15; round++) study.crash('bayes-gp').pull('bayes-tpe', 0.3);
    const share = shareOf(study, search)['bayes-gp'];
    expect(share).toBeLessThan(0.12);
    expect(share).toBeGreaterThan(0);
  });

  it('ideas that come to nothing cost an arm its lead', () => {
    const study = reverted(8, 'llm-knobs');
    const before = shareOf(study, all)['llm-code'];
    for (let round = 0; round < 8; round++) study.refuse('llm-code', 20).pull('bayes-gp');
    expect(shareOf(study, all)['llm-code']).toBeLessThan(before);
  });
});

describe('the plateau', () => {
  it("after fifteen experiments without a keep the model's knobs are the optimiser's", () => {
    const shares = shareOf(reverted(15, 'llm-knobs'), all);
    expect(shares['llm-knobs']).toBeLessThan(0.1);
    expect(shares['bayes-gp'] + shares['bayes-tpe']).toBeGreaterThan(0.6);
  });

  it('code keeps a lane', () => {
    const study = reverted(15, 'llm-knobs');
    for (let round = 0; round < 20; round++) study.pull('llm-code').pull('bayes-gp', 0.3);
    expect(shareOf(study, all)['llm-code']).toBeGreaterThan(0.05);
  });
});

describe('the same question has the same answer', () => {
  it('in another process, with another order of arms read from the same journal', () => {
    const study = () => reverted(7, 'random').pull('bayes-gp', 0.4).pull('random');
    for (let seed = 0; seed < 50; seed++) {
      const choice = chooseArm(study().history(), search, {}, `seed ${seed}`);
      expect(chooseArm(study().history(), search, {}, `seed ${seed}`)).toEqual(choice);
    }
  });

  it("a scheduler's jitter of some per cent changes nothing", () => {
    const study = (seconds: number) => reverted(6, 'random').pull('bayes-gp', 0.4, seconds).pull('random', 0, seconds);
    const choices = (seconds: number) =>
      Array.from({ length: 100 }, (_, seed) => chooseArm(study(seconds).history(), search, {}, `${seed}`));
    expect(choices(5.3)).toEqual(choices(4.9));
  });
});

describe('an arm that is refused', () => {
  it('a model gets two chances at one experiment, then somebody else is asked', () => {
    const study = createArmStudy().refuse('llm-knobs');
    expect(shareOf(study, ['llm-knobs', 'random'])['llm-knobs']).toBe(1);
    study.refuse('llm-knobs');
    expect(shareOf(study, ['llm-knobs', 'random']).random).toBe(1);
  });

  it('the next experiment forgets it', () => {
    const study = createArmStudy().refuse('llm-knobs').refuse('llm-knobs').pull('random');
    expect(shareOf(study, ['llm-knobs', 'random'])['llm-knobs']).toBe(1);
  });

  it('a search that was refused five times comes back when nobody else is left', () => {
    const study = createArmStudy();
    for (let round = 0; round < 6; round++) study.refuse('random');
    expect(chooseArm(study.history(), ['random'], {}, 'x')?.arm).toBe('random');
  });
});

describe('shares', () => {
  const study = () => reverted(10, 'random');

  it('a share is the share of the experiments', () => {
    const shares = shareOf(study(), all, { llm: 0.5, bayes: 0.3, random: 0.2 });
    expect(shares['llm-knobs'] + shares['llm-code']).toBeCloseTo(0.5, 1);
    expect(shares['bayes-gp'] + shares['bayes-tpe']).toBeCloseTo(0.3, 1);
    expect(shares.random).toBeCloseTo(0.2, 1);
  });

  it('holds in the opening too', () => {
    const shares = shareOf(createArmStudy(), all, { random: 0.25 });
    expect(shares.random).toBeCloseTo(0.25, 1);
    expect(shares['llm-knobs']).toBeCloseTo(0.75, 1);
  });

  it('nothing switches an arm off', () => {
    const shares = shareOf(study(), all, { llm: 0, 'bayes-tpe': 0 });
    expect(shares['llm-knobs'] + shares['llm-code'] + shares['bayes-tpe']).toBe(0);
  });

  it('shares that leave nothing over switch off whoever has none', () => {
    expect(shareOf(study(), all, { random: 0.6, 'llm-code': 0.4 })['bayes-gp']).toBe(0);
  });

  it('the share of an arm that cannot be asked goes to the others', () => {
    const shares = shareOf(study(), search, { llm: 0.5, bayes: 0.25, random: 0.25 });
    expect(shares.random).toBeCloseTo(0.5, 1);
  });

  it('is said in the reason', () => {
    expect(chooseArm(study().history(), ['random'], { random: 0.2 }, 'x')?.why).toBe('the share of random is 20 %');
  });
});
