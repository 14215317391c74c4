/**
 * Which values the progress figure shows: all that matter, whatever a broken attempt measured.
 */
import type { Progress } from '../../core/views/report/progress.ts';

/** Shows the staircase with its error bars whole, and of the attempts that are worse as many as leave it readable. */
export function progressRange({ attempts, steps, goal }: Progress): readonly [number, number] {
  const stepped = new Set(steps.map((step) => step.experiment));
  const stairs = attempts
    .filter(({ experiment }) => stepped.has(experiment))
    .flatMap(({ mean, error }) => (mean === null ? [] : [mean - (error ?? 0), mean + (error ?? 0)]));
  const means = attempts.flatMap(({ mean }) => (mean === null ? [] : [mean])).sort((a, b) => a - b);
  if (means.length === 0) return [0, 1];
  const sign = goal === 'minimize' ? 1 : -1;
  const worst = sign > 0 ? Math.max(...stairs, ...means.slice(0, 1)) : Math.min(...stairs, ...means.slice(-1));
  const best = sign > 0 ? Math.min(...stairs, means[0] ?? worst) : Math.max(...stairs, means.at(-1) ?? worst);
  const usual = quantile(sign > 0 ? means : [...means].reverse(), 0.85);
  // As far beyond the baseline as the staircase is high, at most: a few bad attempts must not flatten it.
  const height = Math.abs(worst - best) || Math.abs(usual - best) || Math.abs(best) * 0.01 || 1;
  const reach = worst + sign * Math.min(height, Math.max(0, sign * (usual - worst)));
  const [low, high] = sign > 0 ? [best, reach] : [reach, best];
  const margin = (high - low || height) * 0.06;
  return [low - margin, high + margin];
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
