/**
 * A project whose training sleeps for a given time, and what it printed of when it began and ended.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitProject } from '../fixture-project.ts';

/** Sleeps whatever its knobs are; one run in eight is better than all before it, so that parents change as they do at night. */
export const trainFor = (seconds: number) => `import os
import time

began_at = time.time()

LEARNING_RATE = 0.1

MOMENTUM = 0.9

WEIGHT_DECAY = 0.01

DROPOUT = 0.2

seed = int(os.environ.get("NOCTURNE_SEED", "1"))
time.sleep(${seconds})
score = 9.9 - time.time() % 1e6 / 1e7 if seed > 3 and seed % 8 == 0 else 10 + seed % 7 / 100
print("---")
print("score: {:.12f}".format(score))
print("began_at: {:.6f}".format(began_at))
print("ended_at: {:.6f}".format(time.time()))
`;

export interface TimedProject {
  readonly folder: string;
  /** What a run sleeps for. */
  readonly seconds: number;
  /** Lines of the brief's front matter, such as the researcher. */
  readonly lines: readonly string[];
}

/** Makes the project, with a repository of its own, in a folder that does not exist yet. */
export async function layTimedProject({ folder, seconds, lines }: TimedProject): Promise<void> {
  mkdirSync(join(folder, 'runs'), { recursive: true });
  const brief = [
    '---',
    'edit: [train.py]',
    'train: python train.py',
    'metric: score',
    'goal: minimize',
    `budget: ${Math.ceil(seconds) + 1}s`,
    'policy: greedy',
    ...lines,
    '---',
    'Lower the score.',
    '',
  ];
  writeFileSync(join(folder, 'train.py'), trainFor(seconds));
  writeFileSync(join(folder, 'program.md'), brief.join('\n'));
  writeFileSync(join(folder, 'runs', '.gitignore'), '*\n!.gitignore\n');
  await commitProject(folder);
}
