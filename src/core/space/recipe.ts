/**
 * What a training recipe would change next, one knob at a time: to a value that is customary, or by a step of a rate or a size,
 * which is taken again as long as it pays.
 */
import type { History } from '../journal/history.ts';
import { customOf, isCustomary, type PlacedCustom } from './customs.ts';
import { activeSettings } from './draw-settings.ts';
import { type Dimension, type KnobValue, type Range, type Space, sameValue } from './knob.ts';
import type { Setting } from './knob-proposal.ts';
import { roundWithin } from './search-values.ts';

/** A change that recipes suggest, and who says so. */
export interface RecipeStep extends Setting {
  readonly source: string;
  /** By what the knob's value was multiplied; undefined where a value of its own is customary. */
  readonly factor?: number;
}

/** What the recipe proposed for a knob before, oldest first. */
interface Tried {
  readonly to: KnobValue;
  readonly isKept: boolean;
}

/**
 * The changes that are left, in the order in which to try them: what usually gains most first, but nothing a second time before
 * everything was tried once. A knob is left alone once it has a customary value, whoever set it, and each such value is tried once in a study.
 * A step is taken again as long as it pays, and turned round when it does not at once; finer ones are left to the searches.
 */
export function recipeSteps(space: Space, history: History): RecipeStep[] {
  const steps = space.flatMap((dimension) => {
    const custom = customOf(dimension);
    if (custom === undefined || isCustomary(custom, dimension.knob.value)) return [];
    const tried = triedBefore(history, dimension);
    const left =
      custom.kind === 'values' ? valuesLeft(custom.values, tried) : stepsLeft(custom.factor, tried, dimension);
    const active = left.filter(({ to }) => activeSettings(space, [{ dimension, to }]).length > 0);
    return active.map((next) => ({ dimension, source: custom.source, place: custom.place, ...next }));
  });
  return steps.sort((a, b) => a.round - b.round || a.place - b.place).map(({ place: _, round: __, ...step }) => step);
}

/** A change with the round in which it is tried. */
type Next = Pick<RecipeStep, 'to' | 'factor'> & { readonly round: number };

function valuesLeft(values: readonly KnobValue[], tried: readonly Tried[]): Next[] {
  const all = values.map((to, round) => ({ to, round }));
  return all.filter(({ to }) => !tried.some((each) => sameValue(each.to, to)));
}

/** The next step and, should that one have been tried by somebody else, the one that would follow its failure. */
function stepsLeft(factor: number, tried: readonly Tried[], { knob, range }: Dimension): Next[] {
  const { value } = knob;
  if (typeof value !== 'number') return [];
  return roundsLeft(tried).flatMap((round) => {
    const by = round === 0 ? factor : 1 / factor;
    const to = movedBy(range, value, by);
    return to === undefined || to === value ? [] : [{ to, factor: by, round }];
  });
}

/** 0 goes forward, 1 back; where forward has paid there is no way back. */
function roundsLeft(tried: readonly Tried[]): readonly number[] {
  const failed = tried.filter(({ isKept }) => !isKept).length;
  if (failed === 0) return tried.length === 0 ? [0, 1] : [0];
  return failed === 1 && tried[0]?.isKept === false ? [1] : [];
}

/** The value of the range that is nearest, but a whole number moves by one at least; undefined where numbers have no place. */
function movedBy(range: Range, value: number, factor: number): number | undefined {
  const way = Math.sign(factor - 1);
  switch (range.kind) {
    case 'choice':
    case 'tuple':
      return undefined;
    case 'power-of-two': {
      const moved = 2 ** (Math.log2(value) + (Math.round(Math.log2(factor)) || way));
      return Math.min(range.high, Math.max(range.low, moved));
    }
    default: {
      const moved = roundWithin(range, value * factor);
      return moved === value && range.kind === 'int' ? roundWithin(range, value + way) : moved;
    }
  }
}

function triedBefore({ experiments }: History, { knob }: Dimension): Tried[] {
  return experiments.flatMap(({ researcher, proposal, kept }) => {
    if (researcher !== 'recipe') return [];
    const edit = proposal?.edits.find(
      (each) => each.kind === 'set-knob' && each.file === knob.file && each.knob === knob.name,
    );
    return edit?.kind === 'set-knob' ? [{ to: edit.to, isKept: kept !== undefined }] : [];
  });
}
