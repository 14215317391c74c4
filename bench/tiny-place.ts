/**
 * A copy of the tiny sandbox with its data, in which a script is trained and graded by hand, without the product.
 */
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { packagePath } from '../src/adapters/package-root.ts';
import type { Measurement } from '../src/core/journal/run.ts';
import { readMeasurement } from '../src/core/run/measurement.ts';

export interface Training {
  /** Text of train.py. */
  readonly script: string;
  readonly seed: number;
  readonly budgetSeconds: number;
}

/** One at a time: each training takes the place of the one before. */
export interface TinyPlace {
  readonly folder: string;
  /** Trains; rejects when the script fails. */
  readonly train: (training: Training) => Promise<void>;
  /** Grades what was trained last. Throws when it cannot be graded. */
  readonly grade: (split: 'validation' | 'holdout') => Promise<Measurement>;
  readonly remove: () => void;
}

/**
 * Makes the place and prepares its data with a python that has numpy. `reference` is a file with the clock's reference, written where there is
 * none yet: places that share it train for equally long, whatever the machine was busy with when each was made.
 */
export async function openTinyPlace(python = 'python3', reference?: string): Promise<TinyPlace> {
  const folder = mkdtempSync(join(tmpdir(), 'nocturne-tiny-'));
  const isSource = (path: string) => !/(data|private|run|__pycache__)$/.test(path);
  cpSync(packagePath('sandbox', 'tiny'), folder, { recursive: true, filter: isSource });
  const run = (file: string, env: Record<string, string>) => execa(python, [file], { cwd: folder, env });
  const own = join(folder, 'data', 'reference.json');
  if (reference !== undefined && existsSync(reference)) cpSync(reference, own);
  await run('prepare.py', {});
  if (reference !== undefined) cpSync(own, reference);
  return {
    folder,
    train: async ({ script, seed, budgetSeconds }) => {
      writeFileSync(join(folder, 'train.py'), script);
      rmSync(join(folder, 'run'), { recursive: true, force: true });
      await run('train.py', { NOCTURNE_SEED: String(seed), NOCTURNE_BUDGET_SECONDS: String(budgetSeconds) });
    },
    grade: async (split) => {
      const { stdout } = await run('score.py', { NOCTURNE_SPLIT: split });
      const read = readMeasurement(
        { trainLog: '', scoreLog: stdout, metricsJson: undefined },
        { name: 'val_bpb', goal: 'minimize' },
      );
      if (read.kind !== 'measured') throw new Error(read.reason);
      return read.measurement;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
