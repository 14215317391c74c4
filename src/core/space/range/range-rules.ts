/**
 * Rules of thumb: the range in which a number is worth trying, by its name and current value.
 *
 * Names are split at `_`. The first rule with one of the words decides, so `FINAL_LR_FRAC` is a fraction and not a
 * rate.
 */
import type { ItemRange } from '../knob.ts';
import { isPowerOfTwo } from '../number-text.ts';

type Words = ReadonlySet<string>;

/** Whether the words name a learning rate. */
export function isRate(words: Words): boolean {
  return words.has('LR') || (words.has('LEARNING') && words.has('RATE'));
}

/** A range for a float literal; undefined where no rule fits. */
export function floatRange(words: Words, value: number): ItemRange | undefined {
  const has = (names: string) => names.split(' ').some((name) => words.has(name));
  if (value < 0) return undefined;
  if ((has('WEIGHT') && has('DECAY')) || has('WD L1 L2')) {
    return value === 0 ? zeroOrLog(1e-5, 1e-1) : zeroOrLog(value / 100, value * 10);
  }
  if (has('CLIP CLIPPING')) return value === 0 ? zeroOrLog(0.1, 10) : zeroOrLog(value / 10, value * 10);
  if (value < 1 && has('DROPOUT DROP WARMUP')) return linear(0, Math.max(0.5, value));
  if (value < 1 && has('SMOOTHING')) return linear(0, Math.max(0.3, value));
  if (value < 1 && has('MOMENTUM BETA BETA1 BETA2')) return aroundOne(value);
  if (value <= 1 && has('FRAC FRACTION RATIO PROB PROBABILITY WARMDOWN COOLDOWN')) return linear(0, 1);
  if (value === 0) return undefined;
  if (value < 1 && has('DECAY EMA GAMMA')) return aroundOne(value);
  if (has('EPS EPSILON') || isRate(words)) return log(value / 30, value * 30);
  return log(value / 10, value * 10);
}

const sizes = new Set(
  'WIDTH HIDDEN DIM EMBED EMBD EMB BATCH CHANNELS UNITS FEATURES FILTERS SIZE CONTEXT SEQ LEN LENGTH MODEL FFN MLP'.split(
    ' ',
  ),
);

/** A range for an int literal; undefined where no rule fits. */
export function intRange(words: Words, value: number): ItemRange | undefined {
  if (value < 1) return undefined;
  const has = (names: string) => names.split(' ').some((name) => words.has(name));
  // A rate is never searched in whole numbers.
  if (isRate(words)) return undefined;
  const isDepth = has('DEPTH LAYERS LAYER');
  const isSize = !isDepth && [...words].some((word) => sizes.has(word));
  // The number of heads must divide a width, which is nearly always a power of two.
  if ((isSize || has('HEADS HEAD')) && isPowerOfTwo(value)) {
    return { kind: 'power-of-two', low: Math.max(1, value / 8), high: value * 8 };
  }
  if (isSize) return int(value / 8, value * 8, true);
  const isLarge = value >= 16 && !isDepth && !has('HEADS HEAD');
  return isLarge ? int(value / 4, value * 4, true) : int(value / 2, Math.max(value * 2, value + 2), false);
}

function int(low: number, high: number, isLog: boolean): ItemRange {
  return { kind: 'int', low: Math.max(1, Math.floor(low)), high, log: isLog, zero: false };
}

function linear(low: number, high: number): ItemRange {
  return { kind: 'float', low, high, log: false, zero: false };
}

function log(low: number, high: number): ItemRange {
  return { kind: 'float', low: twoDigits(low), high: twoDigits(high), log: true, zero: false };
}

function zeroOrLog(low: number, high: number): ItemRange {
  return { kind: 'float', low: twoDigits(low), high: twoDigits(high), log: true, zero: true };
}

/** From 10 times to a tenth of the value's distance to 1: 0.95 -> 0.5..0.995. */
function aroundOne(value: number): ItemRange {
  const distance = 1 - value;
  const low = Math.max(0, sixDecimals(1 - distance * 10));
  return linear(low, Math.max(0.99, sixDecimals(1 - distance / 10)));
}

function twoDigits(value: number): number {
  return Number(value.toPrecision(2));
}

function sixDecimals(value: number): number {
  return Number(value.toFixed(6));
}
