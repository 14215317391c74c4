/**
 * What a training recipe would change next, one knob at a time: to a value that recipes agree on, or by a step of a
 * rate or a size, which is repeated as long as it is kept.
 */
import { type History, isDropped } from '../../journal/history.ts';
import { type Dimension, type KnobValue, type Range, type Space, sameValue } from '../knob.ts';
import type { Setting } from '../knob-proposal.ts';
import { activeSettings } from '../search/draw-settings.ts';
import { brokenIn } from '../search/fit-settings.ts';
import { roundWithin } from '../search/search-values.ts';
import { type CommonMove, commonMoveFor, isCommonValue, type RankedMove } from './common-moves.ts';

/** A change that recipes suggest, and the publications that suggest it. */
export interface RecipeStep {
  /** One setting, except in the first change of a study. */
  readonly settings: readonly Setting[];
  readonly sources: readonly string[];
  readonly kind: CommonMove['kind'];
}

/** What the recipe proposed for a knob before, oldest first. */
interface Tried {
  readonly to: KnobValue;
  readonly isKept: boolean;
}

/**
 * The changes that are left, in the order in which to try them. The first one of a study sets all standard values at
 * once, because some are worth something only together, such as a schedule and a momentum. Every later change sets one
 * knob. Knobs with fewer failed changes come first; among equals, the one that usually gains most.
 *
 * A knob is left as it is once it has a value that recipes agree on, no matter which researcher set it. Each such value
 * is tried once by itself. A step is repeated as long as it is kept; it is reversed when the first one is not kept or
 * would leave the range. Finer steps are left to the searches.
 */
export function recipeSteps(space: Space, history: History): RecipeStep[] {
  const changes = space.flatMap((dimension) => {
    const move = commonMoveFor(dimension);
    if (move === undefined || isCommonValue(move, dimension.knob.value)) return [];
    const tried = triedBefore(history, dimension);
    const next = move.kind === 'values' ? nextValue(move.values, tried) : nextStep(move.factor, tried, dimension);
    if (next === undefined || activeSettings(space, [{ dimension, to: next.to }]).length === 0) return [];
    if (brokenIn(space, [{ dimension, to: next.to }]).length > 0) return [];
    return [{ dimension, move, ...next }];
  });
  const steps = changes
    .toSorted((a, b) => a.round - b.round || a.move.rank - b.move.rank)
    .map((change) => stepOf([change]));
  const together = changes.filter(({ move }) => move.isStandard);
  // One setting may make another one have no effect.
  const standard = activeSettings(space, together);
  const isFirst = history.experiments.every(({ researcher }) => researcher !== 'recipe');
  return isFirst && standard.length > 1 ? [stepOf(standard), ...steps] : steps;
}

function stepOf(changes: readonly (Setting & { readonly move: RankedMove })[]): RecipeStep {
  return {
    settings: changes.map(({ dimension, to }) => ({ dimension, to })),
    sources: [...new Set(changes.map(({ move }) => move.source))],
    kind: changes[0]?.move.kind ?? 'values',
  };
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

/** The first step goes forward, so the later ones went the same way exactly if it was kept. */
function nextStep(forward: number, tried: readonly Tried[], { knob, range }: Dimension): Next | undefined {
  const hasPaid = tried[0]?.isKept ?? true;
  const round = tried.filter(({ isKept }) => !isKept).length;
  if (typeof knob.value !== 'number' || round > (hasPaid ? 0 : 1)) return undefined;
  const to = movedBy(range, knob.value, hasPaid ? forward : 1 / forward);
  // A knob that starts at its bound can only go the other way.
  const next = to ?? (tried.length === 0 ? movedBy(range, knob.value, 1 / forward) : undefined);
  return next === undefined || tried.some((each) => sameValue(each.to, next)) ? undefined : { to: next, round };
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

function triedBefore({ experiments }: History, { knob }: Dimension): Tried[] {
  return experiments.flatMap((record) => {
    const { researcher, proposal, kept, verdict } = record;
    // What was kept meanwhile left it untried, or another experiment tries it again.
    if (isDropped(record) || verdict?.overtakenBy !== undefined) return [];
    const [edit, another] = proposal?.edits ?? [];
    // A knob that was set together with others was not tried by itself.
    if (researcher !== 'recipe' || edit?.kind !== 'set-knob' || another !== undefined) return [];
    return edit.file === knob.file && edit.knob === knob.name ? [{ to: edit.to, isKept: kept !== undefined }] : [];
  });
}
