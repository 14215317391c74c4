/**
 * What a model is told of the public record: the moves that training recipes make with the knobs of its source.
 */
import type { MetricKind } from '../base/metric-kind.ts';
import type { Dimension, Space } from '../space/knob.ts';
import { formatNumber } from '../space/number-text.ts';
import { publicRecord, recordText } from '../space/public/public-moves.ts';
import { commonMoveFor, isCommonValue, type RankedMove } from '../space/recipe/common-moves.ts';

const maxMoves = 3;

/** One sentence with the moves that usually gain most first; empty where recipes say nothing of these knobs. */
export function recipeText(space: Space, metric: MetricKind): string {
  const moves = space.flatMap((dimension) => {
    const move = commonMoveFor(dimension, metric);
    return move === undefined || isCommonValue(move, dimension.knob.value) ? [] : [{ dimension, move }];
  });
  if (moves.length === 0) return '';
  const first = moves.toSorted((a, b) => a.move.rank - b.move.rank).slice(0, maxMoves);
  return `Training recipes and public studies, none of them measured here, would try ${first.map(moveText).join('; ')}.`;
}

function moveText({ dimension: { knob }, move }: { readonly dimension: Dimension; readonly move: RankedMove }): string {
  const isStep = move.kind === 'step';
  const to = isStep
    ? `times ${move.ways.map((factor) => formatNumber(Number(factor.toPrecision(2)))).join(' or ')}`
    : move.values.map(String).join(' or ');
  const next = isStep ? Number(knob.value) * (move.ways[0] ?? 1) : move.values[0];
  const record = typeof next === 'number' ? publicRecord(move.publicKind, Number(knob.value), next) : undefined;
  const told = record && `${isStep && move.ways.length > 1 ? 'the first ' : ''}${recordText(record)}`;
  const why = [move.source, told].filter((part) => part !== undefined).join('; ');
  return `${knob.name} ${to}${why === '' ? '' : ` (${why})`}`;
}
