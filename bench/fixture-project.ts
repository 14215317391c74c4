/**
 * A project whose training needs only Python's standard library and takes 20 ms, so that the rest of the time is the
 * harness's own.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/** The training prints when it began and ended, by the machine's clock. */
const train = `"""Pretends to train: sleeps for 20 ms. One run in eight is better than all before it, whatever its knobs."""
import os
import time

began_at = time.time()

LEARNING_RATE = 0.1
MOMENTUM = 0.9
WEIGHT_DECAY = 0.01
DROPOUT = 0.2

seed = int(os.environ.get("NOCTURNE_SEED", "1"))
time.sleep(0.02)
score = 4 - time.time() / 1e10 if seed > 3 and seed % 8 == 0 else 10 + seed % 7 / 100
print("---")
print("score: {:.12f}".format(score))
print("began_at: {:.6f}".format(began_at))
print("ended_at: {:.6f}".format(time.time()))
`;

const brief = `---
edit: [train.py]
train: python train.py
metric: score
goal: minimize
budget: 1s
researcher: random
---
Lower the score.
`;

/** Makes the project, with a repository of its own, in a folder that does not exist yet. */
export async function layProject(folder: string): Promise<void> {
  mkdirSync(join(folder, 'runs'), { recursive: true });
  writeFileSync(join(folder, 'train.py'), train);
  writeFileSync(join(folder, 'program.md'), brief);
  writeFileSync(join(folder, '.gitignore'), 'run.log\n');
  writeFileSync(join(folder, 'runs', '.gitignore'), '*\n!.gitignore\n');
  await commitProject(folder);
}

/** Makes a repository of a folder, with all that is in it in one commit. */
export async function commitProject(folder: string): Promise<void> {
  const git = (...args: string[]) => execa('git', args, { cwd: folder });
  await git('init', '--quiet', '--initial-branch=main');
  await git('config', 'user.name', 'Bench');
  await git('config', 'user.email', 'bench@localhost');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'start');
}
