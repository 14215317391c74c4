/**
 * What a training recipe would change next, one knob at a time: to a value that recipes agree on, or by a step of a
 * rate or a size that public studies kept, which is repeated as long as it is kept.
 */
import { type MetricKind, metricKind } from '../../base/metric-kind.ts';
import type { History } from '../../journal/history.ts';
import { type Dimension, type KnobValue, type Range, type Space, sameValue } from '../knob.ts';
import type { Setting } from '../knob-proposal.ts';
import { isHopeless, type PublicRecord, publicRecord } from '../public/public-moves.ts';
import { activeSettings } from '../search/draw-settings.ts';
import { brokenIn } from '../search/fit-settings.ts';
import { roundWithin } from '../search/search-values.ts';
import { type RecipeTry, recipeTries } from '../trials/recipe-tries.ts';
import { knobKey, turnedBy } from '../trials/trials.ts';
import { type CommonMove, commonMoveFor, isCommonValue, type RankedMove } from './common-moves.ts';

/** A change that recipes suggest, and what suggests it. */
export interface RecipeStep {
  /** One setting, except in the first change of a study. */
  readonly settings: readonly Setting[];
  /** Publications. */
  readonly sources: readonly string[];
  /** What became of such a change in public studies; of one knob alone, where there were any. */
  readonly record?: PublicRecord;
  readonly kind: CommonMove['kind'];
}

/** Steps of a learning rate that nobody had tuned. */
const untunedRate = [3, 1 / 3];
/** Growth of all sizes together after which a rate is tried again, and by what factor. */
const [leastGrowth, fineStep] = [1.5, 1.4];
/** Ranks before all others, which are shares of a study's gain with the sign turned. */
const [first, second] = [-2, -1];

/** What the recipe proposed for a knob before, oldest first. */
interface Tried {
  readonly from: KnobValue | undefined;
  readonly to: KnobValue;
  readonly isKept: boolean;
}

/**
 * The changes that are left, in the order in which to try them. The first one of a study sets all standard values at
 * once, because some are worth something only together, such as a schedule and a momentum. Every later change sets one
 * knob. Knobs with fewer failed changes come first; among equals, the one whose category gained most per try in public studies of
 * the metric's kind.
 *
 * A knob is left as it is once it has a value that recipes agree on, no matter which researcher set it. Each such value
 * is tried once by itself. A step is repeated as long as it is kept; the other way is tried when the first one is not kept or
 * would leave the range. A first step that public studies tried several times and never kept is not made; one that follows a kept
 * one is longer. Finer steps are left to the searches.
 */
export function recipeSteps(space: Space, history: History): RecipeStep[] {
  const { name, goal } = history.frozen.metric;
  const metric = metricKind(name, goal);
  const isUntuned = wasUntuned(space, history, metric);
  // Of the study that this one goes on from, too.
  const before = history.earlier?.study?.recipes ?? [];
  const tries = [...before, ...recipeTries(history.experiments)];
  const moves = space.flatMap((dimension) => {
    const move = commonMoveFor(dimension, metric);
    return move === undefined ? [] : [{ dimension, move }];
  });
  const sizes = new Set(
    moves.flatMap(({ dimension, move }) => (move.category === 'depth/width' ? [knobKey(dimension.knob)] : [])),
  );
  const changes = moves.flatMap(({ dimension, move }) => {
    if (isCommonValue(move, dimension.knob.value)) return [];
    const tried = triedBefore(tries, dimension);
    const due = isUntuned && move.kind === 'step' ? grown(move) : move;
    const step = due.kind === 'values' ? nextValue(due.values, tried) : nextStep(due, tried, dimension);
    const isRate = move.category === 'learning rate';
    const next = step ?? (isRate ? againAfterGrowth(dimension, growthSince(tries, dimension, sizes)) : undefined);
    if (next === undefined) return [];
    const setting = { dimension, to: next.to };
    const isFutile = activeSettings(space, [setting]).length === 0 || brokenIn(space, [setting]).length > 0;
    return isFutile ? [] : [{ ...setting, move, rank: step ? due.rank : move.rank, round: next.round }];
  });
  const steps = changes.toSorted((a, b) => a.round - b.round || a.rank - b.rank).map((change) => stepOf([change]));
  const together = changes.filter(({ move }) => move.isStandard);
  // One setting may make another one have no effect.
  const standard = activeSettings(space, together);
  const isFirst = before.length === 0 && history.experiments.every(({ researcher }) => researcher !== 'recipe');
  return isFirst && standard.length > 1 ? [stepOf(standard), ...steps] : steps;
}

function stepOf(changes: readonly (Setting & { readonly move: RankedMove })[]): RecipeStep {
  const [first, another] = changes;
  const record = first && another === undefined ? recordOf(first) : undefined;
  return {
    settings: changes.map(({ dimension, to }) => ({ dimension, to })),
    sources: [...new Set(changes.flatMap(({ move }) => move.source ?? []))],
    ...(record && { record }),
    kind: changes[0]?.move.kind ?? 'values',
  };
}

function recordOf({
  dimension: { knob },
  to,
  move,
}: Setting & { readonly move: RankedMove }): PublicRecord | undefined {
  return typeof knob.value === 'number' && typeof to === 'number'
    ? publicRecord(move.publicKind, knob.value, to)
    : undefined;
}

/** A knob's next value, and how many of its changes have failed before. */
interface Next {
  readonly to: KnobValue;
  readonly round: number;
}

function nextValue(values: readonly KnobValue[], tried: readonly Tried[]): Next | undefined {
  const round = values.findIndex((value) => !tried.some((each) => sameValue(each.to, value)));
  const to = values[round];
  return to === undefined ? undefined : { to, round };
}

/**
 * Whether the author's values were none that somebody had tuned: a change to what is a matter of course was kept. Public studies
 * began from scripts that had all of it.
 */
function wasUntuned(space: Space, { experiments }: History, metric: MetricKind): boolean {
  const standard = new Set(
    space.flatMap((dimension) => (commonMoveFor(dimension, metric)?.isStandard ? [knobKey(dimension.knob)] : [])),
  );
  return experiments.some(
    ({ researcher, kept, proposal }) =>
      researcher === 'recipe' && kept !== undefined && Object.keys(turnedBy(proposal)).some((key) => standard.has(key)),
  );
}

type Steps = Extract<RankedMove, { kind: 'step' }>;

/**
 * The learning rate of such a script is most often the furthest off, so it comes first and goes further. A depth or width is more often
 * too small: up first, by as much as after a step that paid. Public tries say nothing of either.
 */
function grown(move: Steps): Steps {
  const { publicKind: _, ...rest } = move;
  switch (move.category) {
    case 'learning rate':
      return { ...rest, ways: untunedRate, rank: first };
    case 'depth/width':
      return { ...rest, ways: move.ways.map(longer).toSorted((a, b) => b - a), rank: second };
    default:
      return move;
  }
}

/** The next step of the first way that has not failed; none once a way has paid and then failed. */
function nextStep(
  { ways, publicKind }: Steps,
  tried: readonly Tried[],
  { knob: { value }, range }: Dimension,
): Next | undefined {
  if (typeof value !== 'number') return undefined;
  const round = tried.filter(({ isKept }) => !isKept).length;
  for (const factor of ways) {
    const own = tried.filter((each) => wayOf(each, value) === Math.sign(factor - 1));
    const hasFailed = own.some(({ isKept }) => !isKept);
    const hasPaid = own.some(({ isKept }) => isKept);
    if (hasFailed && hasPaid) return undefined;
    const to = hasFailed ? undefined : movedBy(range, value, hasPaid ? longer(factor) : factor);
    // What the study itself has found to pay is stronger than what public ones found of values that somebody had tuned.
    if (to === undefined || (!hasPaid && isHopeless(publicRecord(publicKind, value, to)))) {
      // What has paid is not taken back for want of room.
      if (own.length > 0 && !hasFailed) return undefined;
      continue;
    }
    if (!tried.some((each) => sameValue(each.to, to))) return { to, round };
  }
  return undefined;
}

/**
 * A rate is tried lower once more when the sizes have grown since it was tried last, and higher when they have shrunk: the best rate
 * of a usual parametrisation falls with the width (Yang et al., arXiv 2203.03466).
 */
function againAfterGrowth({ knob: { value }, range }: Dimension, growth: number): Next | undefined {
  if (typeof value !== 'number' || (growth < leastGrowth && growth > 1 / leastGrowth)) return undefined;
  const to = movedBy(range, value, growth > 1 ? 1 / fineStep : fineStep);
  return to === undefined ? undefined : { to, round: 0 };
}

/** By what factor kept steps have multiplied all sizes together since this knob was tried last; 1 if it never was. */
function growthSince(tries: readonly RecipeTry[], { knob }: Dimension, sizes: ReadonlySet<string>): number {
  const last = tries.findLastIndex(({ settings }) => settings.some((setting) => isOf(setting, knob)));
  const since = last < 0 ? [] : tries.slice(last + 1).filter(({ isKept }) => isKept);
  const factors = since
    .flatMap(({ settings }) => settings)
    .filter(({ file, knob: name }) => sizes.has(knobKey({ file, name })))
    .map(({ from, to }) => (typeof from === 'number' && typeof to === 'number' ? to / from : 1));
  return factors.reduce((product, factor) => product * factor, 1);
}

/** The factor of a step that goes on where one has paid: twice as far on a log scale, but by 2 at most. */
function longer(factor: number): number {
  return factor > 1 ? Math.min(2, factor ** 2) : Math.max(0.5, factor ** 2);
}

/** Which way a step went: 1 up, -1 down. A study of before has not journalled from where, but what was not kept is gone. */
function wayOf({ from, to }: Tried, now: number): number {
  return typeof to === 'number' ? Math.sign(to - (typeof from === 'number' ? from : now)) : 0;
}

/** The value of the range nearest to value times factor, at least 1 away for whole numbers; undefined where none is. */
function movedBy(range: Range, value: number, factor: number): number | undefined {
  const way = Math.sign(factor - 1);
  const to = nearest(range, value, factor, way);
  return to !== undefined && Math.sign(to - value) === way ? to : undefined;
}

function nearest(range: Range, value: number, factor: number, way: number): number | undefined {
  switch (range.kind) {
    case 'choice':
    case 'tuple':
      return undefined;
    case 'power-of-two': {
      const moved = 2 ** (Math.log2(value) + (Math.round(Math.log2(factor)) || way));
      return Math.min(range.high, Math.max(range.low, moved));
    }
    default: {
      const moved = value * factor;
      return roundWithin(range, range.kind === 'int' && Math.round(moved) === value ? value + way : moved);
    }
  }
}

/** What recipes tried of this knob by itself. */
function triedBefore(tries: readonly RecipeTry[], { knob }: Dimension): Tried[] {
  return tries.flatMap(({ settings, isKept }) => {
    const [setting, another] = settings;
    const isOwn = setting !== undefined && another === undefined && isOf(setting, knob);
    return isOwn ? [{ from: setting.from, to: setting.to, isKept }] : [];
  });
}

function isOf(setting: RecipeTry['settings'][number], knob: Dimension['knob']): boolean {
  return setting.file === knob.file && setting.knob === knob.name;
}
