/**
 * Which values are left alone because they are no part of the method: the machine's, the harness's, the data's, the
 * problem's own, the grading's. A name alone decides, but where the value or the names beside it say more.
 */
import type { Knob } from '../knob.ts';
import { isPowerOfTwo } from '../number-text.ts';
import { foundPhrase, hasPhrase, type KnobWords, knobWords, lastPart, phrases } from './knob-words.ts';
import { leftNames, leftWhole } from './left-names.ts';

const rows = leftNames.map(({ names, unless, ...row }) => ({
  ...row,
  names: phrases(names),
  unless: unless === undefined ? [] : phrases(unless),
}));

/** Sections of a configuration that are about something else than training. */
const otherOwners = phrases(
  'LOGGING, LOGGER, WANDB, MLFLOW, CHECKPOINT, CHECKPOINTING, EVAL, EVALUATION, VALIDATION, TEST, PATHS, HYDRA, PROFILER, PLOT, PLT, POSITIONAL, MODEL SUMMARY, PROGRESS BAR, LR MONITOR, LEARNING RATE MONITOR',
);
const outputSizes = phrases(
  'OUTPUT DIM, OUTPUT SIZE, OUTPUT CHANNELS, OUTPUT FEATURES, OUT DIM, OUT SIZE, OUT CHANNELS, OUT FEATURES, D OUT, DIM OUT',
);
const degrees = phrases('TEMP, TEMPERATURE');
/** Of simulated annealing and of soft targets, where a temperature is a part of the method. */
const annealed = phrases('INIT, INITIAL, START, FINAL, END, ANNEAL, ANNEALING, DISTILL, DISTILLATION, SOFTMAX, LOGIT');
const mathematics = [Math.PI, 2 * Math.PI, Math.E, Math.LN2, 1 / Math.LN2, Math.LN10, Math.SQRT2, Math.SQRT1_2];

/** Why the knob is left alone, as the end of a sentence about it; undefined when it may be searched. */
export function whyLeftAlone(knob: Knob, beside: readonly Knob[] = []): string | undefined {
  const words = knobWords(knob);
  return whyByName(knob, words) ?? whyBySection(knob) ?? whyByValue(knob, words) ?? whyByNeighbours(knob, beside);
}

function whyByName(knob: Knob, { own }: KnobWords): string | undefined {
  const whole = leftWhole[lastPart(knob).toUpperCase()];
  if (whole !== undefined) return `${lastPart(knob)} names ${whole}`;
  for (const { names, unless, what, isOfNumbers, isOfSwitches } of rows) {
    if (knob.type === 'bool' ? isOfNumbers : isOfSwitches) continue;
    const found = foundPhrase(own, names);
    if (found !== undefined && !hasPhrase(own, unless)) return `${found.join('_')} names ${what}`;
  }
  return undefined;
}

/** Why all of a section is left alone: it is about something else than training, whatever a value in it is called. */
export function whyBySection(knob: Knob): string | undefined {
  const section = foundPhrase(knobWords(knob).owner, otherOwners);
  return section && `${section.join('_')} names no part of the method`;
}

function whyByValue({ name, of, type, value, text }: Knob, { own }: KnobWords): string | undefined {
  if (typeof value !== 'number') return undefined;
  if (text.length > 5 && mathematics.some((constant) => Math.abs(Math.abs(value) - constant) < 1e-4)) {
    return `${text} is a constant of mathematics`;
  }
  // Peak throughput of a GPU, whatever it is called: no rate, size or count of a method comes near.
  if (type === 'float' && value >= 1e11) return 'it is a throughput of the machine';
  if (hasPhrase(own, degrees) && value >= 30 && value <= 120 && !hasPhrase(own, annealed))
    return 'it is a temperature of the machine';
  if (/(?:^|\.)sr$/i.test(name) && value >= 8000) return 'it is the sampling rate of the data';
  // Of a list of two: a second knob of one name counts from 2.
  if (/(?:range|bound|limit|interval|extent)s?\[[01]\]$/i.test(name)) return 'it is one end of an interval';
  if (/(?:^|\.)(?:h|dx|dy)$/i.test(name) && !Number.isInteger(value)) return 'it is the step of a grid';
  if (/^eps(ilon)?$/i.test(name) && of === undefined && value < 1e-4) return 'it guards a division';
  // A layer's width may be searched, the number of things to predict may not.
  const isWidth = value >= 16 && isPowerOfTwo(value);
  return hasPhrase(own, outputSizes) && !isWidth ? "its value is the problem's own dimension" : undefined;
}

/** The width beside a height is that of a picture or a field, not of a model. */
function whyByNeighbours({ name, file }: Knob, beside: readonly Knob[]): string | undefined {
  if (!/width$/i.test(name)) return undefined;
  const height = name.replace(/width$/i, '').toLowerCase();
  const has = beside.some((other) => other.file === file && other.name.toLowerCase() === `${height}height`);
  return has ? "beside a height it is one of the problem's own dimensions" : undefined;
}
