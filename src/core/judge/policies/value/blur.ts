/**
 * Gaussian blurs of densities on the effect grid.
 */
import { at, gridSize, gridStep } from './effects.ts';

/** Half of a symmetric kernel: the weight at distance 0, 1, 2, … grid steps. */
export type Kernel = Float64Array;

/** The kernel of a normal distribution of this variance, in sigma squared; cut at 4.5 standard deviations. */
export function kernelOf(variance: number): Kernel {
  const reach = Math.min(gridSize - 1, Math.ceil((4.5 * Math.sqrt(variance)) / gridStep));
  const kernel = new Float64Array(reach + 1);
  for (let distance = 0; distance <= reach; distance++) {
    kernel[distance] = Math.exp((-0.5 * (distance * gridStep) ** 2) / variance);
  }
  const sum = kernel.reduce((total, weight, distance) => total + (distance === 0 ? weight : 2 * weight), 0);
  return kernel.map((weight) => weight / sum);
}

/**
 * The density blurred by the kernel, at the grid points `from` to `to` and zero elsewhere; what leaves the grid is
 * lost.
 */
export function blur(kernel: Kernel, density: Float64Array, from = 0, to = gridSize - 1): Float64Array {
  const reach = kernel.length - 1;
  const padded = new Float64Array(gridSize + 2 * reach);
  padded.set(density, reach);
  const blurred = new Float64Array(gridSize);
  for (let point = from; point <= to; point++) {
    const centre = point + reach;
    let sum = at(kernel, 0) * at(padded, centre);
    for (let distance = 1; distance <= reach; distance++) {
      sum += at(kernel, distance) * (at(padded, centre - distance) + at(padded, centre + distance));
    }
    blurred[point] = sum;
  }
  return blurred;
}
