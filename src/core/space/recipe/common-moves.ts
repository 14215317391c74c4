/**
 * What training recipes do to a knob: the values that published ones agree on, and by what factor public studies moved a rate or a
 * size and kept it.
 *
 * Knobs without a rule are left to the searches.
 */
import type { MetricKind } from '../../base/metric-kind.ts';
import { nameWords } from '../../base/name-words.ts';
import { type Dimension, type KnobValue, type Range, sameValue } from '../knob.ts';
import { type MoveCategory, publicGainPerTry } from '../public/gain-order.ts';
import { knobKind } from '../public/knob-kind.ts';
import { publicRecord } from '../public/public-moves.ts';
import { rangeContains } from '../range/range-contains.ts';

/** Sets one of these values, or multiplies by one of these factors. */
export type CommonMove = Values | Step;

interface Values {
  readonly kind: 'values';
  /** In the order in which they are worth trying; none outside the knob's range. */
  readonly values: readonly KnobValue[];
}
interface Step {
  readonly kind: 'step';
  /** The factors, in the order in which they are tried; below 1 the knob becomes smaller. */
  readonly ways: readonly number[];
}

/** A move with where it is from, and its rank: moves of a lower rank usually gain more. */
export type RankedMove = CommonMove & {
  /** The publication that it is from; absent where it is from public studies alone. */
  readonly source?: string;
  /** The kind of knob in the tables of public tries. */
  readonly publicKind?: string;
  readonly rank: number;
  readonly category: MoveCategory;
  /** Whether nearly every training uses such a value. */
  readonly isStandard: boolean;
};

interface Rule {
  readonly move: CommonMove;
  readonly category: MoveCategory;
  /** The rule is for a knob whose name has all words of one of these, */
  readonly names: readonly string[];
  /** and none of these. */
  readonly not: readonly string[];
  readonly source?: string;
  readonly isStandard?: boolean;
  /** Only a knob that is a whole number is moved. */
  readonly isWhole?: boolean;
  /** Only a knob that has this value, which is off, is set. */
  readonly onlyFrom?: 0 | 1;
}

const gpt3 = 'Brown et al., arXiv 2005.14165';
const momentum = 'Sutskever et al., ICML 2013';

const rules: readonly Rule[] = [
  standard('MUON_MOMENTUM', [0.95], 'optimiser', 'Jordan et al., Muon, 2024'),
  standard('MOMENTUM', [0.9, 0.95], 'optimiser', momentum, 'BN NORM EMA DECAY WARMUP'),
  standard('NESTEROV', [true], 'optimiser', momentum),
  standard('OPTIMIZER OPTIM', ['adamw', 'adam'], 'optimiser', 'Loshchilov and Hutter, arXiv 1711.05101'),
  standard('AMP BF16 BFLOAT16', [true], 'precision/compile/speed', 'Micikevicius et al., arXiv 1710.03740'),
  standard('COMPILE FUSED TF32', [true], 'precision/compile/speed', "PyTorch's performance tuning guide"),
  standard(
    'DECAY SCHEDULE SCHEDULER ANNEALING',
    ['cosine', 'linear'],
    'schedule/warmup/warmdown',
    'Loshchilov and Hutter, arXiv 1608.03983',
  ),
  standard('ACTIVATION ACT NONLINEARITY', ['gelu', 'relu'], 'activation', 'Hendrycks and Gimpel, arXiv 1606.08415'),
  {
    // Of the peak: an absolute rate of that size would be none of a warmdown's end.
    names: wordsOf('FINAL_RATE FINAL_FRAC FINAL_FRACTION FINAL_RATIO MIN_LR_RATIO MIN_LR_FRAC'),
    not: [],
    move: { kind: 'values', values: [0.05, 0.1] },
    category: 'schedule/warmup/warmdown',
    onlyFrom: 0,
  },
  step('LEARNING_RATE LR ETA', [2, 0.5], 'learning rate', 'DECAY GAMMA WARMUP MIN FINAL FRAC RATIO'),
  size('BATCH', [0.5, 2], 'batch size', 'DEVICE MICRO NORM'),
  size('EMBED EMBD EMB', [1 / 1.5, 1.4], 'depth/width', 'LAYERS LAYER DEPTH DROPOUT INIT'),
  size(
    'WIDTH HIDDEN DIM CHANNELS UNITS FILTERS FFN MLP D_MODEL ASPECT_RATIO',
    [1 / 1.5, 1.4],
    'depth/width',
    'LAYERS LAYER DEPTH HEAD DROPOUT INIT',
  ),
  size('LAYERS LAYER DEPTH', [1 / 1.5, 1.4], 'depth/width', 'DROPOUT INIT'),
  { ...size('CONTEXT SEQ BLOCK_SIZE', [2, 0.5], 'attention/window'), source: 'Kaplan et al., arXiv 2001.08361' },
  // Never back: the other way failed in public studies, or is another thing than the recipe means.
  step('WARMDOWN COOLDOWN', [1.4], 'schedule/warmup/warmdown', 'SLEEP SECONDS'),
  step('WARMUP', [0.5], 'schedule/warmup/warmdown', 'MOMENTUM EMA COMPILE BETA'),
  step('WEIGHT_DECAY WD', [0.5], 'regularisation'),
  // Boosted trees: rows and columns are drawn for each, and there are more of them.
  share('SUBSAMPLE BAGGING_FRACTION', [0.7, 0.5], 'Friedman, Stochastic gradient boosting, 2002', 'FREQ SEED'),
  share('COLSAMPLE FEATURE_FRACTION MAX_FEATURES RSM', [0.5, 0.3], 'Chen and Guestrin, XGBoost, KDD 2016', 'SEED'),
  size('ESTIMATORS TREES BOOST_ROUND BOOST_ROUNDS', [2, 0.5], 'depth/width', 'EARLY STOPPING DEPTH'),
  agreed('BETAS', [[0.9, 0.95]], 'optimiser', gpt3),
  agreed('BETA1', [0.9], 'optimiser', gpt3),
  agreed('BETA2', [0.95, 0.99], 'optimiser', gpt3),
  agreed('GRAD_CLIP GRADIENT_CLIP CLIP_NORM GRAD_NORM', [1], 'optimiser', gpt3),
];

/** A share of rows or columns that is drawn for each tree, where the script takes all. */
function share(names: string, values: readonly KnobValue[], source: string, not: string): Rule {
  return { ...agreed(names, values, 'regularisation', source, not), onlyFrom: 1 };
}

function standard(names: string, values: readonly KnobValue[], category: MoveCategory, source: string, not = ''): Rule {
  return { ...agreed(names, values, category, source, not), isStandard: true };
}

function agreed(names: string, values: readonly KnobValue[], category: MoveCategory, source: string, not = ''): Rule {
  return { names: wordsOf(names), not: wordsOf(not), move: { kind: 'values', values }, category, source };
}

function step(names: string, ways: readonly number[], category: MoveCategory, not = ''): Rule {
  return { names: wordsOf(names), not: wordsOf(not), move: { kind: 'step', ways }, category };
}

/** A step of a whole number: a knob with such a name and another kind of number is not a size. */
function size(names: string, ways: readonly number[], category: MoveCategory, not = ''): Rule {
  return { ...step(names, ways, category, not), isWhole: true };
}

function wordsOf(text: string): readonly string[] {
  return text.split(' ').filter(Boolean);
}

/** The move of the first rule that has the knob's name and fits its range; undefined when there is none. */
export function commonMoveFor({ knob, range }: Dimension, metric: MetricKind): RankedMove | undefined {
  const words = nameWords(knob.name);
  const has = (word: string) => words.includes(word);
  for (const { names, not, source, isStandard = false, ...rule } of rules) {
    if (not.some(has) || !names.some((name) => name.split('_').every(has))) continue;
    // What is off is set to something, and is not multiplied.
    if (knob.value === 0 && rule.move.kind === 'step') continue;
    if (rule.onlyFrom !== undefined && knob.value !== rule.onlyFrom) continue;
    const publicKind = knobKind(words);
    const move = fitted(rule, range, publicKind);
    if (move === undefined) continue;
    const rank = -publicGainPerTry(rule.category, metric);
    return {
      ...move,
      rank,
      category: rule.category,
      isStandard,
      ...(source && { source }),
      ...(publicKind && { publicKind }),
    };
  }
  return undefined;
}

/** Whether a value is one that recipes agree on. */
export function isCommonValue(move: CommonMove, value: KnobValue): boolean {
  return move.kind === 'values' && move.values.some((each) => sameValue(each, value));
}

function fitted(
  { move, isWhole }: Pick<Rule, 'move' | 'isWhole'>,
  range: Range,
  kind: string | undefined,
): CommonMove | undefined {
  if (move.kind === 'step') {
    const isWholeRange = range.kind === 'int' || range.kind === 'power-of-two';
    const isMoved = isWholeRange || (range.kind === 'float' && !isWhole);
    return isMoved ? { kind: 'step', ways: bestFirst(move.ways, kind) } : undefined;
  }
  const within = move.values.flatMap((value) => valueWithin(range, value) ?? []);
  return within.length === 0 ? undefined : { kind: 'values', values: within };
}

/** The factors, that which gained more per public try first. */
function bestFirst(ways: readonly number[], kind: string | undefined): readonly number[] {
  const gainOf = (factor: number) => publicRecord(kind, 1, factor)?.gainPerTry ?? 0;
  return ways.toSorted((a, b) => gainOf(b) - gainOf(a));
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
