/**
 * The worlds in which keep policies are simulated: the effects of candidates and the noise of runs. Unit: the sigma of
 * one run; lower is better.
 */
import { drawNormal } from '../../src/core/statistics/draw-normal.ts';

/** Draws a number from [0, 1), uniformly. */
export type Draw = () => number;

export interface World {
  readonly name: string;
  /** The effect of a proposal made after this share of the study. */
  readonly effect: (draw: Draw, share: number) => number;
  /** One run's noise; standard normal when absent. */
  readonly noise?: (draw: Draw) => number;
  /** How many times the usual noise a proposal's runs have; 1 when absent. */
  readonly width?: (draw: Draw) => number;
  /** Whether what is tried on an incumbent is at least as noisy as that is. */
  readonly isWidthInherited?: boolean;
  /** How far every score has drifted after this share of the study. */
  readonly drift?: (share: number) => number;
}

/** 5 % gains, 35 % nothing, 60 % harms: a script with little left to improve. */
function late(draw: Draw): number {
  const kind = draw();
  const size = draw();
  return kind < 0.05 ? -(0.5 + 1.5 * size) : kind < 0.4 ? 0 : 0.2 + 3.8 * size;
}

/** 15 % large gains, 20 % nothing, 65 % harms: a script that was never tuned. */
function early(draw: Draw): number {
  const kind = draw();
  const size = draw();
  return kind < 0.15 ? -(1 + 4 * size) : kind < 0.35 ? 0 : 0.2 + 5.8 * size;
}

/** Effects that change from those of `early` to those of `late` in the course of the study. */
function fading(draw: Draw, share: number): number {
  return draw() > share ? early(draw) : late(draw);
}

/** The four mixes of effects, in which the model behind the `value` policy is right. */
export const mixes: readonly World[] = [
  { name: 'late', effect: late },
  { name: 'early', effect: early },
  { name: 'fading', effect: fading },
  { name: 'null', effect: () => 0 },
];

/** Worlds in which the model behind the `value` policy is wrong. */
export const wrongWorlds: readonly World[] = [
  ...mixes.map((mix) => ({ ...mix, name: `t(4) noise, ${mix.name}`, noise: studentNoise })),
  ...mixes.map((mix) => ({ ...mix, name: `drift of 0.5, ${mix.name}`, drift: wave(0.5) })),
  ...mixes.map((mix) => ({ ...mix, name: `drift of 2, ${mix.name}`, drift: wave(2) })),
  ...mixes.map((mix) => ({ ...mix, name: `one run in fifty diverges, ${mix.name}`, noise: noiseThatDiverges })),
  ...mixes.map((mix) => ({ ...mix, name: `one candidate in ten is noisy, ${mix.name}`, width: widthOfFew(10) })),
  ...mixes.map((mix) => ({
    ...mix,
    name: `one candidate in ten has thrice the noise, and what is tried on it, ${mix.name}`,
    width: widthOfFew(3),
    isWidthInherited: true,
  })),
  { name: 'no spike at nothing', effect: (draw) => 3 * draw() - 1.5 },
  { name: 'only harms', effect: (draw) => draw() },
];

/** A world in which every tenth proposal is a gain of this size and all others do nothing or harm. */
export function plantedWorld(gain: number): World {
  let count = 0;
  const effect = (draw: Draw) => {
    const [kind, size] = [draw(), draw()];
    count += 1;
    if (count % 10 === 0) return -gain;
    return kind < 0.4 ? 0 : 0.2 + 3.8 * size;
  };
  return { name: `gains of ${gain}`, effect };
}

/** Student's t with four degrees of freedom, scaled to a standard deviation of one. */
function studentNoise(draw: Draw): number {
  const squares = drawNormal(draw) ** 2 + drawNormal(draw) ** 2 + drawNormal(draw) ** 2 + drawNormal(draw) ** 2;
  return drawNormal(draw) / Math.sqrt(squares / 4) / Math.SQRT2;
}

/** More noise for one proposal in ten, as where it trains at the edge of what is stable. */
function widthOfFew(width: number): (draw: Draw) => number {
  return (draw) => (draw() < 0.1 ? width : 1);
}

/** Standard normal, but one run in fifty ends far above the others. */
function noiseThatDiverges(draw: Draw): number {
  const noise = drawNormal(draw);
  return draw() < 0.02 ? noise + 5 + 30 * draw() : noise;
}

/** One and a half slow waves over the study. */
function wave(height: number): (share: number) => number {
  return (share) => height * Math.sin(3 * Math.PI * share);
}
