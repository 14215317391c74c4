/**
 * What candidates do and how runs scatter, in the worlds that keep policies are simulated in. Unit: one seed's sigma; lower is better.
 */
import { drawNormal } from '../../src/core/statistics/draw-normal.ts';

/** Uniform in [0, 1). */
export type Draw = () => number;

export interface World {
  readonly name: string;
  /** The effect of a proposal made after this share of the study. */
  readonly effect: (draw: Draw, share: number) => number;
  /** One run's noise; standard normal when absent. */
  readonly noise?: (draw: Draw) => number;
  /** How far the metric itself has drifted after this share of the study. */
  readonly drift?: (share: number) => number;
}

/** 5 % gains, 35 % nothing, 60 % harms: a script that is nearly as good as it gets. */
function late(draw: Draw): number {
  const kind = draw();
  const size = draw();
  return kind < 0.05 ? -(0.5 + 1.5 * size) : kind < 0.4 ? 0 : 0.2 + 3.8 * size;
}

/** 15 % large gains, 20 % nothing, 65 % harms: a script that nobody has tuned. */
function early(draw: Draw): number {
  const kind = draw();
  const size = draw();
  return kind < 0.15 ? -(1 + 4 * size) : kind < 0.35 ? 0 : 0.2 + 5.8 * size;
}

/** Early turning into late over the night. */
function fading(draw: Draw, share: number): number {
  return draw() > share ? early(draw) : late(draw);
}

/** The four mixes: what a study meets when the policy's own model is right. */
export const mixes: readonly World[] = [
  { name: 'late', effect: late },
  { name: 'early', effect: early },
  { name: 'fading', effect: fading },
  { name: 'null', effect: () => 0 },
];

/** Worlds in which the model is wrong. */
export const wrongWorlds: readonly World[] = [
  ...mixes.map((mix) => ({ ...mix, name: `t(4) noise, ${mix.name}`, noise: studentNoise })),
  ...mixes.map((mix) => ({ ...mix, name: `drift of 0.5, ${mix.name}`, drift: wave(0.5) })),
  ...mixes.map((mix) => ({ ...mix, name: `drift of 2, ${mix.name}`, drift: wave(2) })),
  { name: 'no spike at nothing', effect: (draw) => 3 * draw() - 1.5 },
  { name: 'only harms', effect: (draw) => draw() },
];

/** Proposals that hardly ever help, among which every tenth is a gain of this size. */
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

/** One and a half slow waves over the study. */
function wave(height: number): (share: number) => number {
  return (share) => height * Math.sin(3 * Math.PI * share);
}
