/**
 * The lowest point of a function of a few numbers, by compass search (Hooke and Jeeves, 1961): no gradient, no randomness.
 */

/** From `start`, with steps that begin at `step` and end below `least`. */
export function minimise(
  f: (point: readonly number[]) => number,
  start: readonly number[],
  step = 0.5,
  least = 0.001,
): readonly number[] {
  let [point, lowest] = [start, f(start)];
  for (let size = step; size > least; ) {
    const better = neighboursOf(point, size)
      .map((at) => ({ at, value: f(at) }))
      .find(({ value }) => value < lowest - 1e-12);
    if (better) [point, lowest] = [better.at, better.value];
    else size /= 2;
  }
  return point;
}

function neighboursOf(point: readonly number[], size: number): (readonly number[])[] {
  return point.flatMap((_, index) =>
    [size, -size].map((by) => point.map((value, at) => (at === index ? value + by : value))),
  );
}
