/**
 * The scores of a commit on seeds that no study has used, trained and scored by hand, without the product.
 */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface FreshRuns {
  /** The project's folder, which is its repository too. */
  readonly project: string;
  /** The study's folder: what `prepare` made is there. */
  readonly study: string;
  readonly commit: string;
  /** An empty place to work in. */
  readonly folder: string;
  readonly python: string;
  readonly seeds: readonly number[];
  readonly budgetSeconds: number;
}

/** One score for each seed, on the validation split of the tiny sandbox; NaN where the training failed. */
export async function measureFresh(runs: FreshRuns): Promise<number[]> {
  const { project, study, commit, folder, python, seeds, budgetSeconds } = runs;
  await mkdir(folder, { recursive: true });
  await run('sh', ['-c', `git -C "${project}" archive "${commit}" sandbox/tiny | tar -x -C "${folder}"`]);
  const cwd = join(folder, 'sandbox', 'tiny');
  const scores: number[] = [];
  for (const seed of seeds) {
    const output = join(folder, `seed-${seed}`);
    await mkdir(output, { recursive: true });
    const env = {
      ...process.env,
      NOCTURNE_SEED: String(seed),
      NOCTURNE_BUDGET_SECONDS: String(budgetSeconds),
      NOCTURNE_RUN_DIR: output,
      NOCTURNE_DATA_DIR: join(study, 'data'),
      NOCTURNE_PRIVATE_DIR: join(study, 'private'),
      NOCTURNE_SPLIT: 'validation',
    };
    const scored = run(python, ['train.py'], { cwd, env, maxBuffer: 1 << 26 }).then(() =>
      run(python, ['score.py'], { cwd, env }),
    );
    // What diverges on a seed that nobody has tried is a result too.
    const { stdout } = await scored.catch(() => ({ stdout: '' }));
    scores.push(Number(/val_bpb:\s*(\S+)/.exec(stdout)?.[1]));
  }
  return scores;
}
