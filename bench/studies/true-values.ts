/**
 * What commits of the tiny sandbox are truly worth: trained and graded by hand, on seeds that no study has used.
 */
import { execa } from 'execa';
import { mean } from '../../src/core/statistics/moments.ts';
import { openTinyPlace, type TinyPlace, type Training } from '../tiny-place.ts';

export const freshSeeds = [9001, 9002, 9003, 9004, 9005];

export interface Grader {
  /** A python that has numpy. */
  readonly python: string;
  /** Seconds of one training. */
  readonly budget: number;
  /** File with the reference of the clock by which all are graded. */
  readonly reference: string;
}

/** The mean over the fresh seeds for each commit; one that fails on a seed leaves its owner with the first commit's value. */
export async function trueValues(
  project: string,
  commits: readonly string[],
  { python, budget, reference }: Grader,
): Promise<number[]> {
  const place = await openTinyPlace(python, reference);
  try {
    const known = new Map<string, readonly (number | undefined)[]>();
    for (const commit of new Set(commits)) {
      const { stdout: script } = await execa('git', ['show', `${commit}:sandbox/tiny/train.py`], { cwd: project });
      const values: (number | undefined)[] = [];
      for (const seed of freshSeeds) values.push(await trueValue(place, { script, seed, budgetSeconds: budget }));
      known.set(commit, values);
    }
    const first = known.get(commits[0] ?? '') ?? [];
    return commits.map((commit) =>
      mean((known.get(commit) ?? []).map((value, at) => value ?? first[at] ?? Number.NaN)),
    );
  } finally {
    place.remove();
  }
}

async function trueValue(place: TinyPlace, training: Training): Promise<number | undefined> {
  try {
    await place.train(training);
    return (await place.grade('validation')).value;
  } catch (error) {
    process.stderr.write(`seed ${training.seed}: ${String(error).slice(0, 300)}\n`);
    return undefined;
  }
}
