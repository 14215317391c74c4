/**
 * Rules of thumb: the range in which a number is worth trying, by the words of its name and its current value.
 *
 * The first rule with one of the words decides, so `FINAL_LR_FRAC` is a fraction and not a rate.
 */
import type { ItemRange } from '../knob.ts';
import { isPowerOfTwo } from '../number-text.ts';
import { hasPhrase, phrases } from './knob-words.ts';
import { betweenRange, choiceOf, intRangeOf, logRange, powersAround, zeroOrLog } from './make-range.ts';

type Words = readonly string[];

/** `LR_DECAY_ITERS` is a length and no rate. */
const lengths = phrases('STEPS, ITERS, ITERATIONS, EPOCHS, PATIENCE, TOKENS');

/** Whether the words name a learning rate. */
export function isRate(words: Words): boolean {
  const isNamed = words.includes('LR') || words.includes('LR0') || hasPhrase(words, [['LEARNING', 'RATE']]);
  return isNamed && !hasPhrase(words, lengths);
}

const weightDecay = phrases('WEIGHT DECAY, WD, L1, L2');
const isMomentum = phrases('MOMENTUM, MOMENTA, BETA, BETAS, BETA1, BETA2');
/** Shares of one, between none and all. */
const shares = phrases(
  'P, PCT, SHARE, PORTION, PROPORTION, SUBSAMPLE, SUBSAMPLING, COLSAMPLE, KEEP, CONFIDENCE, CONF, IOU, THRESHOLD, THRESH, QUANTILE, SPARSITY, SPARSENESS, OVERLAP, TURNOVER, SHRINKAGE, MOSAIC, MIXUP, CUTMIX, COPY PASTE, HSV, FLIP, FLIPLR, FLIPUD, FLIP LR, FLIP UD, HFLIP, VFLIP, ERASING, ERASE, CUTOUT, GRAYSCALE, MASK RATE, NOISE RATE, CORRUPTION, KEEP RATE, REPLACE RATE, REPLACEMENT RATE, SWAP RATE, INSERT RATE, INSERTION RATE, DELETE RATE, DELETION RATE, SHUFFLE RATE, KILL RATE, DROP RATE, RETENTION, LEAK, LEAKAGE, COVERAGE, UTILIZATION, OCCUPANCY, DAMPENING, MUTATION RATE, CROSSOVER, EXPLORATION, PERCENTAGE, STOCHASTIC DEPTH, MIX, MASK, GATE INIT, BLEND WEIGHT, BLEND, MIXING, ENSEMBLE WEIGHT, MAX WEIGHT, MIN WEIGHT, MAX CLASS WEIGHT, MIN CLASS WEIGHT, VARIANCE THRESHOLD, FLOOR, CEILING, INTERPOLATION, RHO, TAU',
);
const explorations = phrases(
  'EPS START, EPS END, EPS FINAL, EPS MIN, EPS MAX, EPS INIT, EPS GREEDY, EPSILON START, EPSILON END, EPSILON FINAL, EPSILON MIN, EPSILON MAX, EPSILON INIT, EPSILON GREEDY, START EPS, END EPS, START E, END E, MIN EPSILON, FINAL EPSILON, INITIAL EPSILON',
);
const policyClips = phrases(
  'CLIP EPS, CLIP EPSILON, CLIP COEF, CLIP RATIO, CLIP RANGE, CLIP PARAM, EPS CLIP, CLIPPING EPS',
);
const clipQuantiles = phrases('CLIP Q, CLIP QUANTILE, QUANTILE');
const percentiles = phrases('PERCENTILE, PERCENT, PCTL');
const traces = phrases('GAE LAMBDA, GAE LAM, GAE, TD LAMBDA, LAMBDA RETURN, TRACE');
const weights = phrases('COEF, COEFF, COEFFICIENT, WEIGHT, LAMBDA, REG, PENALTY, REGULARIZATION');
/** Where the rates fall to: a script that names it so and has it at nothing means a share of the peak. */
const finalRates = phrases('FINAL RATE');
const logarithms = phrases('LOG, INIT, BIAS, LOGIT');

/** A range for a float literal; undefined where no rule fits. */
export function floatRange(words: Words, value: number): ItemRange | undefined {
  const has = (names: string) => names.split(' ').some((name) => words.includes(name));
  if (value < 0) return hasPhrase(words, logarithms) ? betweenRange(value - 2, value + 2) : undefined;
  if (hasPhrase(words, weightDecay)) {
    return value === 0 ? zeroOrLog(1e-5, 1e-1) : zeroOrLog(value / 100, value * 10);
  }
  // A clip may also be a film, and CLIP a model.
  if (value < 1 && has('DROPOUT DROPPATH PDROP')) return betweenRange(0, Math.max(0.5, value));
  if (value <= 1 && has('PROB PROBABILITY')) return betweenRange(0, 1);
  if (value < 1 && hasPhrase(words, policyClips))
    return value === 0 ? undefined : logRange(value / 10, Math.min(1, value * 5));
  if (value > 0 && value < 1 && hasPhrase(words, clipQuantiles))
    return value < 0.9 ? betweenRange(0, 1) : aroundOne(value);
  if (value > 1 && value < 100 && hasPhrase(words, percentiles)) return aroundHundred(value);
  if (has('CLIP CLIPPING')) return value === 0 ? zeroOrLog(0.1, 10) : zeroOrLog(value / 10, value * 10);
  if (value < 1 && has('DROP WARMUP') && !isRate(words)) return betweenRange(0, Math.max(0.5, value));
  if (value < 1 && has('SMOOTHING')) return betweenRange(0, Math.max(0.3, value));
  if (value < 1 && hasPhrase(words, isMomentum)) return aroundOne(value);
  if (value > 0 && value < 1 && hasPhrase(words, traces)) return aroundOne(value);
  if (value <= 1 && hasPhrase(words, explorations)) return betweenRange(0, 1);
  if (value <= 1 && has('FRAC FRACTION RATIO WARMDOWN COOLDOWN')) return betweenRange(0, 1);
  if (value <= 1 && hasPhrase(words, shares) && !isRate(words)) return shareRange(value);
  if (value === 0 && hasPhrase(words, finalRates)) return betweenRange(0, 1);
  if (value === 0) return hasPhrase(words, weights) ? zeroOrLog(1e-4, 1) : undefined;
  if (value < 1 && has('DECAY EMA GAMMA DISCOUNT POLYAK')) return aroundOne(value);
  if (has('EPS EPSILON') || isRate(words)) return logRange(value / 30, value * 30);
  return logRange(value / 10, value * 10);
}

/** From none to all; a small share is on a logarithmic scale, since 0.015 and 0.03 differ as 0.3 and 0.6 do. */
function shareRange(value: number): ItemRange {
  return value > 0 && value <= 0.1 ? logRange(value / 10, value * 10) : betweenRange(0, 1);
}

const sizes = new Set(
  (
    'WIDTH HIDDEN DIM EMBED EMBD EMB BATCH CHANNELS UNITS FEATURES FILTERS SIZE CONTEXT SEQ LEN LENGTH MODEL FFN MLP ' +
    'BSZ BS NEURONS'
  ).split(' '),
);
const kernels = phrases('KERNEL, KERNEL SIZE, KSIZE, KERNEL WIDTH, CONV WIDTH, CONV SIZE, BLUR SIZE');
const accumulations = phrases('ACCUM, ACCUMULATION, GRAD ACCUM, ACCUMULATE');

/** Words of switches that are written as 0 and 1. */
const switches = phrases(
  'USE, ENABLE, TIE, TIED, WHITEN, DUELING, TWIN, GATED, NESTEROV, AMSGRAD, BIDIRECTIONAL, NORMALIZE, CAUSAL, SHARED, RESIDUAL, FREEZE, BALANCED',
);

/** A range for an int literal; undefined where no rule fits. */
export function intRange(words: Words, value: number): ItemRange | undefined {
  if ((value === 0 || value === 1) && hasPhrase(words, switches) && !hasPhrase(words, lengths)) return choiceOf([0, 1]);
  if (value < 1) return undefined;
  const has = (names: string) => names.split(' ').some((name) => words.includes(name));
  // A rate is never searched in whole numbers.
  if (isRate(words)) return undefined;
  if (hasPhrase(words, percentiles) && value < 100) return intRangeOf(value / 4, Math.min(99, value * 4), false);
  if (hasPhrase(words, kernels) && value % 2 === 1 && value < 64) return oddChoice(value);
  if (hasPhrase(words, accumulations) && isPowerOfTwo(value)) return powersAround(value);
  const isDepth = has('DEPTH LAYERS LAYER');
  const isSize = !isDepth && words.some((word) => sizes.has(word));
  // The number of heads must divide a width, which is nearly always a power of two.
  if ((isSize || has('HEADS HEAD')) && isPowerOfTwo(value)) return powersAround(value);
  if (isSize) return intRangeOf(value / 8, value * 8, true);
  const isLarge = value >= 16 && !isDepth && !has('HEADS HEAD');
  return isLarge
    ? intRangeOf(value / 4, value * 4, true)
    : intRangeOf(value / 2, Math.max(value * 2, value + 2), false);
}

/** A kernel has a middle: the odd sizes about its own. */
function oddChoice(value: number): ItemRange {
  const low = Math.max(1, value - 4);
  return choiceOf([low, low + 2, low + 4, low + 6, ...(value > low + 4 ? [] : [low + 8])]);
}

/** From 10 times to a tenth of the value's distance to 1: 0.95 -> 0.5..0.995. */
function aroundOne(value: number): ItemRange {
  const distance = 1 - value;
  const low = Math.max(0, sixDecimals(1 - distance * 10));
  return betweenRange(low, Math.max(0.99, sixDecimals(1 - distance / 10)));
}

/** The same for a percentile above the middle; below it, from a tenth of the way to the middle. */
function aroundHundred(value: number): ItemRange {
  const distance = 100 - value;
  return value < 50
    ? betweenRange(0, 100)
    : betweenRange(Math.max(0, sixDecimals(100 - distance * 10)), sixDecimals(100 - distance / 10));
}

function sixDecimals(value: number): number {
  return Number(value.toFixed(6));
}
