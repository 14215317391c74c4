/**
 * Which knobs set how long a training takes. In a script that does the same work whatever the budget is, a better
 * score for more of it is bought with time.
 */
import type { Knob } from '../knob.ts';
import { hasPhrase, knobWords, phrases } from './knob-words.ts';

const lengths = phrases(
  'EPOCH, EPOCHS, NEPOCHS, STEPS, MAX STEP, ITERS, ITERATIONS, MAX ITER, N ITER, NUM ITER, ROUNDS, BOOST ROUND, NUM ROUND, ESTIMATORS, TREES, EPISODES, GENERATIONS, PATIENCE, EARLY STOP, EARLY STOPPING, TIMESTEPS, UPDATES, TOKENS, EPISODE STEP',
);
/** The same words in the names of other things. */
const others = phrases(
  'WARMUP, WARMDOWN, COOLDOWN, ACCUM, ACCUMULATION, GRAD, NS, DECAY, DIFFUSION, TIMESTEPS DIM, UNROLL, INNER, DEAD, LR, STEPS AHEAD, SCHEDULE, CONTEXT, BATCH, PREFIX, MEMORY, LATENT, REGISTER, SAMPLING, DENOISING, EPOCHS PER UPDATE, UPDATE EPOCHS, PPO EPOCHS, START, SWITCH, FREEZE, UNFREEZE, REDUCE, PER DOC, NOISE, ROLLOUT, RESTART',
);

/** Whether a knob sets how long a training takes: epochs, steps, rounds, trees, or the patience with which it stops. */
export function isTrainingLength(knob: Pick<Knob, 'name' | 'type' | 'value'>): boolean {
  const { own } = knobWords(knob);
  if (knob.type === 'string' || !hasPhrase(own, lengths) || hasPhrase(own, others)) return false;
  // `n_steps = 5` is a rollout's or a return's, `n_steps = 20000` the training's.
  return (
    !hasPhrase(own, [
      ['N', 'STEPS'],
      ['NUM', 'STEPS'],
    ]) ||
    typeof knob.value !== 'number' ||
    knob.value >= 500
  );
}

/** More epochs buy a score with time, so in a script of fixed work their number is searched only in a declared range. */
export function withoutLength(knob: Knob): Knob {
  return knob.still === undefined && isTrainingLength(knob) ? { ...knob, still: lengthIsStill } : knob;
}

/** Why such a knob is not searched in a script of fixed work. */
export const lengthIsStill = 'it sets how long the script trains, which does the same work whatever its budget is';

/** Said of such a knob where the project has no other, so that it is searched all the same. */
export const lengthIsAll = 'it sets how long the script trains, and there is nothing else to turn';
