/**
 * A draw from a Gamma distribution with rate 1, by Marsaglia and Tsang ("A simple method for generating gamma variables",
 * ACM TOMS 26, 2000).
 */
import type { Random } from '../base/random.ts';
import { drawNormal } from './draw-normal.ts';

/** One draw; `shape` is above zero. */
export function drawGamma(shape: number, random: Random): number {
  // Below one the method needs the boost of its section 6.
  if (shape < 1) return drawGamma(shape + 1, random) * (1 - random.unit()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = drawNormal(random.unit);
    const v = (1 + c * normal) ** 3;
    if (v <= 0) continue;
    if (Math.log(1 - random.unit()) < normal ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}
