/**
 * What public training recipes do to a knob: the values that they agree on, and by what factor they move a rate or a
 * size.
 *
 * Only moves that hold for every task: none that depends on the amount of data, such as dropout. The other knobs are
 * left to the searches.
 */
import { nameWords } from '../../base/name-words.ts';
import { type Dimension, type KnobValue, type Range, sameValue } from '../knob.ts';
import { rangeContains } from '../range/range-contains.ts';

/** Sets one of these values, or multiplies by this factor. */
export type CommonMove = Values | Step;

interface Values {
  readonly kind: 'values';
  /** In the order in which they are worth trying; none outside the knob's range. */
  readonly values: readonly KnobValue[];
}
interface Step {
  readonly kind: 'step';
  /** The factor of the first step; below 1 the knob becomes smaller. */
  readonly factor: number;
  /** Whether only a knob that is a whole number is moved. */
  readonly isWhole: boolean;
}

/** A move with the publication that it is from, and its rank: moves of a lower rank usually gain more. */
export type RankedMove = CommonMove & {
  readonly source: string;
  readonly rank: number;
  /** Whether nearly every training uses such a value. */
  readonly isStandard: boolean;
};

type Rule = CommonMove & {
  /** The rule is for a knob whose name has all words of one of these, */
  readonly names: readonly string[];
  /** and none of these. */
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

/** Rules before this index are standard. */
const firstStep = rules.findIndex(({ kind }) => kind === 'step');

function values(names: string, all: readonly KnobValue[], source: string, not = ''): Rule {
  return { kind: 'values', names: wordsOf(names), values: all, source, not: wordsOf(not) };
}

function step(names: string, factor: number, source: string, not = ''): Rule {
  return { kind: 'step', isWhole: false, names: wordsOf(names), factor, source, not: wordsOf(not) };
}

/** A step of a whole number: a knob with such a name and another kind of number is not a size. */
function size(names: string, factor: number, source: string, not = ''): Rule {
  return { ...step(names, factor, source, not), kind: 'step', factor, isWhole: true };
}

function wordsOf(text: string): readonly string[] {
  return text.split(' ').filter(Boolean);
}

/** The move of the first rule that has the knob's name and fits its range; undefined when there is none. */
export function commonMoveFor({ knob, range }: Dimension): RankedMove | undefined {
  const words = new Set(nameWords(knob.name));
  for (const [rank, { names, not, source, ...rule }] of rules.entries()) {
    if (not.some((word) => words.has(word))) continue;
    if (!names.some((name) => name.split('_').every((word) => words.has(word)))) continue;
    const move = fitted(rule, range);
    if (move !== undefined) return { ...move, source, rank, isStandard: rank < firstStep };
  }
  return undefined;
}

/** Whether this value is one that recipes agree on. */
export function isCommonValue(move: CommonMove, value: KnobValue): boolean {
  return move.kind === 'values' && move.values.some((each) => sameValue(each, value));
}

function fitted(move: CommonMove, range: Range): CommonMove | undefined {
  if (move.kind === 'step') {
    const isWhole = range.kind === 'int' || range.kind === 'power-of-two';
    return isWhole || (range.kind === 'float' && !move.isWhole) ? move : undefined;
  }
  const within = move.values.flatMap((value) => valueWithin(range, value) ?? []);
  return within.length === 0 ? undefined : { kind: 'values', values: within };
}

/** The value as the range spells it, such as `AdamW` for `adamw`, in a list; undefined outside the range. */
function valueWithin(range: Range, value: KnobValue): [KnobValue] | undefined {
  if (range.kind !== 'choice' || typeof value !== 'string') return rangeContains(range, value) ? [value] : undefined;
  const choice = range.values.find((each) => typeof each === 'string' && plain(each) === value);
  return choice === undefined ? undefined : [choice];
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[-_ ]/g, '');
}
