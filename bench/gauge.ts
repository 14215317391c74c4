/**
 * How often the overfitting gauge warns of honest keeps and of planted overfits, with the tiny sandbox's own training and
 * its scorer in two processes.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readGauge } from '../src/core/confirm/read-gauge.ts';
import type { RunResult } from '../src/core/journal/run.ts';
import { createJournal, frozen } from '../tests/helpers/journal.ts';
import { countFlag, defineBench, positiveFlag } from './bench.ts';
import { honestSteps, type Knobs, plants, withKnobs } from './gauge/planted.ts';
import type { BenchReport } from './report.ts';
import { openTinyPlace, type TinyPlace } from './tiny-place.ts';

/** `npm run bench -- gauge`. */
export const bench = defineBench('gauge', {
  summary: 'warnings of the overfitting gauge: honest keeps and planted overfits [--baselines N] [--budget SECONDS]',
  flags: { baselines: countFlag(10), budget: positiveFlag(1) },
  measure,
});

/** A training graded on both splits. */
interface Graded {
  readonly validation: RunResult;
  readonly holdout: RunResult;
}

interface Plant {
  readonly name: string;
  readonly gains: readonly [number, number];
  readonly isFound: boolean;
}

async function measure({ baselines, budget }: { baselines: number; budget: number }): Promise<BenchReport> {
  const place = await openTinyPlace();
  try {
    let keeps = 0;
    let warned = 0;
    const found: Plant[] = [];
    for (let index = 1; index <= baselines; index++) {
      const study = await runStudy(place, index, budget);
      keeps += study.keeps;
      warned += study.warned;
      found.push(...study.plants);
    }
    const hits = found.filter(({ isFound }) => isFound).length;
    return {
      figures: { baselines, budget, honestKeeps: keeps, warned, planted: found.length, found: hits, plants: found },
      table: [
        `${keeps} honest keeps over ${baselines} baselines of ${budget} s: ${warned} warned of`,
        `${found.length} planted overfits: ${hits} found`,
        ...found.map(
          ({ name, gains, isFound }) =>
            `  ${name.padEnd(10)} ${gains.map((gain) => gain.toFixed(3)).join(' on validation, ')} on the holdout  ${isFound ? 'found' : 'missed'}`,
        ),
      ],
    };
  } finally {
    place.remove();
  }
}

async function runStudy(place: TinyPlace, index: number, budget: number) {
  const script = readFileSync(resolve('sandbox/tiny/train.py'), 'utf8');
  const run = (text: string, seed: number) => trainAndGrade(place, text, index * 100 + seed, budget);
  const base = [await run(script, 1), await run(script, 2), await run(script, 3)];
  const steps: Graded[] = [];
  let knobs: Knobs = {};
  let warned = 0;
  const plantsFound: Plant[] = [];
  for (const [at, step] of honestSteps.entries()) {
    knobs = { ...knobs, ...step };
    steps.push(await run(withKnobs(script, knobs), 10 + at));
    const row = readingOf(base, steps).rows.at(-1);
    if (row?.step?.isParted ?? row?.isParted) warned += 1;
    if (at !== 1) continue;
    for (const [name, plant] of Object.entries(plants)) {
      const planted = await run(plant(withKnobs(script, knobs), join(place.folder, 'private')), 20);
      const reading = readingOf(base, [...steps, planted]);
      const last = reading.rows.at(-1)?.step;
      const gains = [last?.validationGain ?? Number.NaN, last?.holdoutGain ?? Number.NaN] as const;
      plantsFound.push({ name, gains, isFound: reading.warning !== undefined });
    }
  }
  return { keeps: steps.length, warned, plants: plantsFound };
}

/** What the gauge says of a study with these keeps, one after the other. */
function readingOf(base: readonly Graded[], kept: readonly Graded[]) {
  const journal = createJournal({ frozen: { ...frozen, score: ['python', 'score.py'] } });
  journal.baseline(...base.map(({ validation }) => validation));
  for (const { validation } of kept) journal.experiment(validation, 'keep');
  const grade = (experiment: number, run: number, result: RunResult) =>
    journal.add({ event: 'holdout-scored', experiment, run, result });
  for (const [index, { holdout }] of base.entries()) grade(0, index + 1, holdout);
  for (const [index, { holdout }] of kept.entries()) grade(index + 1, 1, holdout);
  return readGauge(journal.whole());
}

async function trainAndGrade(place: TinyPlace, script: string, seed: number, budgetSeconds: number): Promise<Graded> {
  await place.train({ script, seed, budgetSeconds });
  const grade = async (split: 'validation' | 'holdout'): Promise<RunResult> => ({
    outcome: 'finished',
    reason: '',
    evidence: '',
    measurement: await place.grade(split),
    seconds: budgetSeconds,
    cpuSeconds: budgetSeconds,
  });
  return { validation: await grade('validation'), holdout: await grade('holdout') };
}
