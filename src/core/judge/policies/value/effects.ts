/**
 * The possible effects of a candidate on the score, as a mixture: nothing, a gain or a harm, the latter two at five
 * scales.
 *
 * Effects are in units of one seed's sigma on a fixed grid; lower is better. The shapes are fixed, their weights are
 * learned.
 */

/** Grid points per sigma, and sigmas to either side; a larger effect is judged near the edge and shifted back. */
const perSigma = 5;
const reach = 10;
/** Of the gains and the harms, in sigma. */
export const scales: readonly number[] = [0.5, 1, 2, 4, 8];

export const gridStep = 1 / perSigma;
export const gridSize = 2 * reach * perSigma + 1;
/** The effects of the grid, from the largest gain to the largest harm. */
export const grid = Float64Array.from({ length: gridSize }, (_, index) => (index - reach * perSigma) / perSigma);
/** A mean beyond this many sigma is clipped before it is placed on the grid. */
export const maxEffect = 8;

/** A half-normal shape on one side of zero; -1 is the side of gains. */
export interface HalfShape {
  readonly side: -1 | 1;
  readonly scale: number;
}

/** The shapes after `nothing`: gains, then harms. */
export const halfShapes: readonly HalfShape[] = [-1 as const, 1 as const].flatMap((side) =>
  scales.map((scale) => ({ side, scale })),
);

/** The densities on the grid, each summing to one; the first is `nothing`. */
const shapes: readonly Float64Array[] = [grid.map((effect) => (effect === 0 ? 1 : 0)), ...halfShapes.map(shapeOf)];

/** The density on the grid of a proposal's effect, given a weight for each shape. */
export function mixtureOf(weights: readonly number[]): Float64Array {
  const density = new Float64Array(gridSize);
  for (const [index, shape] of shapes.entries()) {
    const weight = weights[index] ?? 0;
    for (let point = 0; point < gridSize; point++) density[point] = at(density, point) + weight * at(shape, point);
  }
  return density;
}

/** An element that is known to exist. */
export function at(values: Float64Array, index: number): number {
  return values[index] as number;
}

function shapeOf({ side, scale }: HalfShape): Float64Array {
  const raw = grid.map((effect) => (side * effect > 0 ? Math.exp(-0.5 * (effect / scale) ** 2) : 0));
  const sum = raw.reduce((total, value) => total + value, 0);
  return raw.map((value) => value / sum);
}
