/**
 * How often the 95 % interval of `nocturne confirm` covers the true gain, in studies that are simulated with the
 * shipped function.
 *
 * A study is k fresh runs each of a baseline and of a final whose true gain is known; what is measured is the
 * comparison that a confirmation journals.
 */
import { z } from 'zod';
import { createRandom } from '../src/core/base/random.ts';
import { compareContenders } from '../src/core/confirm/compare-contenders.ts';
import { drawNormal } from '../src/core/statistics/draw-normal.ts';
import { countFlag, defineBench } from './bench.ts';
import { type BenchReport, round } from './report.ts';

interface World {
  /** Fresh seeds per contender. */
  readonly runs: number;
  /** Noise of the final over noise of the baseline. */
  readonly noiseRatio: number;
  /** In standard deviations of the baseline. */
  readonly trueGain: number;
}

const worlds: readonly World[] = [3, 5, 10].flatMap((runs) =>
  [1, 2, 5].flatMap((noiseRatio) => [0, 2].map((trueGain) => ({ runs, noiseRatio, trueGain }))),
);

/** Percentages: of intervals that cover the true gain, and of studies in which p < .05 shows a gain or a loss. */
interface Coverage extends World {
  readonly covered: number;
  readonly standardError: number;
  readonly significant: number;
  /** The same by the exact sign-flip test; null below six pairs, whose p cannot fall below .05. */
  readonly significantBySignFlip: number | null;
}

/** `npm run bench -- coverage`. */
export const bench = defineBench('coverage', {
  summary: 'how often the 95 % interval of `nocturne confirm` covers the true gain [--studies N] [--seed TEXT]',
  flags: { studies: countFlag(1000), seed: z.string().default('coverage-1') },
  measure,
});

async function measure({ studies, seed }: { readonly studies: number; readonly seed: string }): Promise<BenchReport> {
  const rows = worlds.map((world) => simulate(world, studies, seed));
  const covered = rows.map((row) => row.covered);
  const figures = { seed, studies, lowest: Math.min(...covered), highest: Math.max(...covered), worlds: rows };
  const lines = rows.map(
    (row) =>
      `${String(row.runs).padStart(4)}  ${`1:${row.noiseRatio}`.padStart(5)}  ${String(row.trueGain).padStart(9)}  ` +
      `${row.covered.toFixed(1).padStart(5)} ± ${row.standardError.toFixed(1)} %  ${row.significant.toFixed(1).padStart(8)} %  ` +
      `${row.significantBySignFlip === null ? '' : `${row.significantBySignFlip.toFixed(1)} %`}`,
  );
  return {
    figures,
    table: [
      `${studies} studies a line, seed ${seed}; the 95 % interval should cover the true gain in 93 to 97 %`,
      'runs  noise  true gain        covered  p < .05  sign-flip p < .05',
      ...lines,
    ],
  };
}

function simulate(world: World, studies: number, seed: string): Coverage {
  const { runs, noiseRatio, trueGain } = world;
  const random = createRandom(`${seed}/${runs} runs/noise ${noiseRatio}/gain ${trueGain}`);
  const draw = (centre: number, sd: number) =>
    Array.from({ length: runs }, () => centre + sd * drawNormal(random.unit));
  let [covered, significant, flipped] = [0, 0, 0];
  for (let study = 0; study < studies; study++) {
    const found = compareContenders('minimize', draw(3, 1), draw(3 - trueGain, noiseRatio));
    const [low = 0, high = 0] = found?.interval ?? [];
    if (low <= trueGain && trueGain <= high) covered += 1;
    if ((found?.p ?? 1) < 0.05) significant += 1;
    if ((found?.signFlipP ?? 1) < 0.05) flipped += 1;
  }
  const percent = (count: number) => round((100 * count) / studies, 2);
  const share = covered / studies;
  return {
    ...world,
    covered: percent(covered),
    standardError: round(100 * Math.sqrt((share * (1 - share)) / studies), 2),
    significant: percent(significant),
    significantBySignFlip: runs < 6 ? null : percent(flipped),
  };
}
