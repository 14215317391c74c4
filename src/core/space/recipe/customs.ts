/**
 * What anyone who has trained networks tries first: values that published training recipes agree on, and which way a rate or a
 * size is moved.
 *
 * Only what holds whatever the task is: nothing that depends on how much data there is, such as dropout. The rest is left to the
 * searches.
 */
import { type Dimension, type KnobValue, type Range, sameValue } from '../knob.ts';
import { rangeContains } from '../range/range-contains.ts';

/** What is customary for a knob. */
export type Custom = Values | Step;

interface Values {
  readonly kind: 'values';
  /** In the order in which they are worth trying; none outside the knob's range. */
  readonly values: readonly KnobValue[];
}
interface Step {
  readonly kind: 'step';
  /** By what the knob is multiplied first; below 1 it is made smaller. */
  readonly factor: number;
  /** Whether only a whole number is meant. */
  readonly isWhole: boolean;
}

/** A custom with who says so, and its place among the others: what usually gains most stands first. */
export type PlacedCustom = Custom & {
  readonly source: string;
  readonly place: number;
  /** A value that hardly anybody would do without, in whatever training. */
  readonly isMatterOfCourse: boolean;
};

type Rule = Custom & {
  /** A knob is known by all words of one of these, */
  readonly names: readonly string[];
  /** and by none of these. */
  readonly not: readonly string[];
  readonly source: string;
};

const gpt3 = 'Brown et al., arXiv 2005.14165';
const momentum = 'Sutskever et al., ICML 2013';
const scaling = 'Kaplan et al., arXiv 2001.08361';
const performance = "PyTorch's performance tuning guide";

const rules: readonly Rule[] = [
  values('MUON_MOMENTUM', [0.95], 'Jordan et al., Muon, 2024'),
  values('MOMENTUM', [0.9, 0.95], momentum, 'BN NORM EMA DECAY WARMUP'),
  values('NESTEROV', [true], momentum),
  values('OPTIMIZER OPTIM', ['adamw', 'adam'], 'Loshchilov and Hutter, arXiv 1711.05101'),
  values('AMP BF16 BFLOAT16', [true], 'Micikevicius et al., arXiv 1710.03740'),
  values('COMPILE FUSED TF32', [true], performance),
  values('DECAY SCHEDULE SCHEDULER ANNEALING', ['cosine', 'linear'], 'Loshchilov and Hutter, arXiv 1608.03983'),
  values('ACTIVATION ACT NONLINEARITY', ['gelu', 'relu'], 'Hendrycks and Gimpel, arXiv 1606.08415'),
  step(
    'LEARNING_RATE LR',
    3,
    'Goodfellow et al., Deep Learning, section 11.4',
    'DECAY GAMMA WARMUP MIN FINAL FRAC RATIO',
  ),
  size('BATCH', 0.5, 'Masters and Luschi, arXiv 1804.07612', 'DEVICE MICRO NORM'),
  size('EMBED EMBD EMB', 2, scaling, 'LAYERS LAYER DEPTH DROPOUT INIT'),
  size('WIDTH HIDDEN DIM CHANNELS UNITS FILTERS FFN MLP D_MODEL', 2, scaling, 'LAYERS LAYER DEPTH HEAD DROPOUT INIT'),
  size('LAYERS LAYER DEPTH', 1.5, scaling, 'DROPOUT INIT'),
  size('CONTEXT SEQ BLOCK_SIZE', 2, scaling),
  values('BETAS', [[0.9, 0.95]], gpt3),
  values('BETA1', [0.9], gpt3),
  values('BETA2', [0.95, 0.99], gpt3),
  values('GRAD_CLIP GRADIENT_CLIP CLIP_NORM GRAD_NORM', [1], gpt3),
  values('WARMUP', [0.05], 'Goyal et al., arXiv 1706.02677', 'STEPS ITERS EPOCHS SECONDS'),
  values('WEIGHT_DECAY WD', [0.1, 0.0001], `${gpt3}, and He et al., arXiv 1512.03385`),
];

/** The values that stand before any step are a matter of course. */
const firstStep = rules.findIndex(({ kind }) => kind === 'step');

function values(names: string, all: readonly KnobValue[], source: string, not = ''): Rule {
  return { kind: 'values', names: wordsOf(names), values: all, source, not: wordsOf(not) };
}

function step(names: string, factor: number, source: string, not = ''): Rule {
  return { kind: 'step', isWhole: false, names: wordsOf(names), factor, source, not: wordsOf(not) };
}

/** A step of a whole number: what such a name says of any other number is not a size. */
function size(names: string, factor: number, source: string, not = ''): Rule {
  return { ...step(names, factor, source, not), kind: 'step', factor, isWhole: true };
}

function wordsOf(text: string): readonly string[] {
  return text.split(' ').filter(Boolean);
}

/** What is customary for this knob: of the rules that know it the first that fits its range. */
export function customOf({ knob, range }: Dimension): PlacedCustom | undefined {
  const words = new Set(knob.name.split('_'));
  for (const [place, { names, not, source, ...rule }] of rules.entries()) {
    if (not.some((word) => words.has(word))) continue;
    if (!names.some((name) => name.split('_').every((word) => words.has(word)))) continue;
    const custom = fitted(rule, range);
    if (custom !== undefined) return { ...custom, source, place, isMatterOfCourse: place < firstStep };
  }
  return undefined;
}

/** Whether a knob of this value has a customary one. */
export function isCustomary(custom: Custom, value: KnobValue): boolean {
  return custom.kind === 'values' && custom.values.some((each) => sameValue(each, value));
}

function fitted(custom: Custom, range: Range): Custom | undefined {
  if (custom.kind === 'step') {
    const isWhole = range.kind === 'int' || range.kind === 'power-of-two';
    return isWhole || (range.kind === 'float' && !custom.isWhole) ? custom : undefined;
  }
  const within = custom.values.flatMap((value) => valueWithin(range, value) ?? []);
  return within.length === 0 ? undefined : { kind: 'values', values: within };
}

/** The value as the range has it: a text may be spelt otherwise there, as `AdamW`. */
function valueWithin(range: Range, value: KnobValue): [KnobValue] | undefined {
  if (range.kind !== 'choice' || typeof value !== 'string') return rangeContains(range, value) ? [value] : undefined;
  const choice = range.values.find((each) => typeof each === 'string' && plain(each) === value);
  return choice === undefined ? undefined : [choice];
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[-_ ]/g, '');
}
