/**
 * The normal distribution: its distribution function, and the moments of a normal that is cut off at zero.
 */

/** P(Z <= z). By erfc's Chebyshev fit (Numerical Recipes 6.2), relative error below 1.2e-7 however far in the tail. */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  let fit = fitted[fitted.length - 1] as number;
  for (let power = fitted.length - 2; power >= 0; power--) fit = fit * t + (fitted[power] as number);
  const tail = 0.5 * t * Math.exp(fit - x * x);
  return z > 0 ? 1 - tail : tail;
}

const fitted = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
  0.17087277,
];

/** How well a half-normal, positive effect explains an observed mean, and the effect's mean and mean square then. */
export interface HalfNormalFit {
  readonly likelihood: number;
  readonly mean: number;
  readonly square: number;
}

/** Fits an effect of this scale to a mean `offset` from zero; the likelihood lacks the factor 1/sqrt(2 pi variance). */
export function fitHalfNormal(scale: number, offset: number, variance: number): HalfNormalFit {
  const total = scale * scale + variance;
  const centre = (offset * scale * scale) / total;
  const spread = Math.sqrt((scale * scale * variance) / total);
  const z = centre / spread;
  const positive = normalCdf(z);
  const hazard = Math.exp(-0.5 * z * z) / (Math.sqrt(2 * Math.PI) * positive);
  const mean = Math.max(0, centre + spread * hazard);
  return {
    likelihood: 2 * Math.sqrt(variance / total) * Math.exp((-0.5 * offset * offset) / total) * positive,
    mean,
    square: Math.max(mean * mean, centre * centre + spread * spread + centre * spread * hazard),
  };
}
