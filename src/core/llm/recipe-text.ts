/**
 * What a model is told of the public record: the moves that training recipes make with the knobs of its source.
 */
import type { Dimension, Space } from '../space/knob.ts';
import { formatNumber } from '../space/number-text.ts';
import { commonMoveFor, isCommonValue, type RankedMove } from '../space/recipe/common-moves.ts';

const maxMoves = 3;

/** One sentence with the moves that usually gain most first; empty where recipes say nothing of these knobs. */
export function recipeText(space: Space): string {
  const moves = space.flatMap((dimension) => {
    const move = commonMoveFor(dimension);
    return move === undefined || isCommonValue(move, dimension.knob.value) ? [] : [{ dimension, move }];
  });
  if (moves.length === 0) return '';
  const first = moves.toSorted((a, b) => a.move.rank - b.move.rank).slice(0, maxMoves);
  return `Published training recipes, none of them measured here, would try ${first.map(moveText).join('; ')}.`;
}

function moveText({ dimension: { knob }, move }: { readonly dimension: Dimension; readonly move: RankedMove }): string {
  const to = move.kind === 'step' ? `times ${formatNumber(move.factor)}` : move.values.map(String).join(' or ');
  return `${knob.name} ${to} (${move.source})`;
}
