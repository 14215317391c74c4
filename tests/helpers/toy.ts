/** A made-up training whose knobs have known effects, and trials of it as a study makes them. */
import { createRandom, type Random } from '../../src/core/base/random.ts';
import type { Trial } from '../../src/core/space/trials/trials.ts';
import { drawNormal } from '../../src/core/statistics/draw-normal.ts';

/** MOMENTUM is never read. From the start LR alone can gain 0.3, DEPTH 0.16, WIDTH 0.1 and DROPOUT 0.04. */
export interface ToyKnobs {
  readonly LR: number;
  readonly WIDTH: number;
  readonly DROPOUT: number;
  readonly DEPTH: number;
  readonly MOMENTUM: number;
}

export const toyStart: ToyKnobs = { LR: 0.1, WIDTH: 64, DROPOUT: 0, DEPTH: 2, MOMENTUM: 0 };

const names = Object.keys(toyStart);

/** The loss without noise. */
export function toyLoss({ LR, WIDTH, DROPOUT, DEPTH }: ToyKnobs): number {
  const rate = 0.3 * Math.abs(Math.log10(LR / 0.01));
  const width = (0.2 * Math.abs(Math.log2(WIDTH / 256))) / 4;
  return 1 + rate + width + (DROPOUT - 0.2) ** 2 + 0.08 * Math.abs(DEPTH - 4);
}

/** Any setting within the ranges that a search would have. */
export function drawToy(random: Random): ToyKnobs {
  return {
    LR: 0.001 * 1000 ** random.unit(),
    WIDTH: 2 ** (4 + Math.floor(7 * random.unit())),
    DROPOUT: 0.5 * random.unit(),
    DEPTH: 1 + Math.floor(8 * random.unit()),
    MOMENTUM: 0.99 * random.unit(),
  };
}

/**
 * A study of 40 experiments that walks: each turns one to three knobs of the incumbent, and a lower score is kept. The
 * baseline runs three times, every other experiment once.
 */
export function walkToy(seed: string, noise = 0.01, loss = toyLoss): Trial[] {
  const random = createRandom(seed);
  const run = (knobs: ToyKnobs) => loss(knobs) + noise * drawNormal(() => random.unit());
  const trials = [trialOf(0, toyStart, [run(toyStart), run(toyStart), run(toyStart)])];
  let incumbent = { knobs: toyStart, score: trials[0]?.scores[0] ?? 0 };
  for (let experiment = 1; experiment <= 40; experiment++) {
    const turned = Array.from({ length: 1 + Math.floor(3 * random.unit()) }, () => random.pick(names));
    const drawn = Object.entries(drawToy(random)).filter(([name]) => turned.includes(name));
    const knobs = { ...incumbent.knobs, ...Object.fromEntries(drawn) };
    const score = run(knobs);
    trials.push(trialOf(experiment, knobs, [score]));
    if (score < incumbent.score) incumbent = { knobs, score };
  }
  return trials;
}

/** Independent draws after the start, each run once. */
export function drawTrials(seed: string, count: number, noise = 0.01): Trial[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, experiment) => {
    const knobs = experiment === 0 ? toyStart : drawToy(random);
    return trialOf(experiment, knobs, [toyLoss(knobs) + noise * drawNormal(() => random.unit())]);
  });
}

function trialOf(experiment: number, knobs: ToyKnobs, scores: readonly number[]): Trial {
  const values = Object.fromEntries(Object.entries(knobs).map(([name, value]) => [`train.py:${name}`, value]));
  return { experiment, values, scores };
}
