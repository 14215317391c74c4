/** Studies of a script whose training takes as long as its budget says. */
import { expect } from 'vitest';
import { nocturne, project } from './nocturne.ts';
import type { TemporaryRepo } from './temporary-repo.ts';

/** The study of these tests. */
export const study = ['--tag', 'night'];

const program = `---
train: python -S train.py
metric: loss
budget: 0.2s
timeout: 20s
policy: greedy
researcher: random
space:
  LEARNING_RATE: log 1e-3..1
---
A bowl.
`;

/** A script whose rate matters as this says of its budget; it trains a tenth of it. */
export function script(budget: string, worth: string): string {
  return `import math, os, random, time
${budget}
LEARNING_RATE = 1.0  # best at 0.03
random.seed(int(os.environ["NOCTURNE_SEED"]))
gate = os.environ.get("NOCTURNE_TEST_GATE")
if gate:
    number = len(os.listdir(gate))
    open(os.path.join(gate, str(number)), "x").close()
    while number >= int(open(gate + ".open").read()):
        time.sleep(0.02)
time.sleep(BUDGET * 0.5)
worth = ${worth}
print("---")
print(f"loss: {1 + worth * math.log10(LEARNING_RATE / 0.03) ** 2 + random.gauss(0, 0.01):.6f}")
`;
}

/** How a script is to read its budget. */
export const fromEnvironment = 'BUDGET = float(os.environ["NOCTURNE_BUDGET_SECONDS"])';

/** A study of three experiments with this script, which is 0.2 s long. */
export async function studied(train: string, files: Readonly<Record<string, string>> = {}): Promise<TemporaryRepo> {
  const repo = project('quick');
  repo.write('program.md', program);
  repo.write('train.py', train);
  for (const [name, content] of Object.entries(files)) repo.write(name, content);
  repo.commit('a script with a budget');
  const said = await nocturne(repo.root, ['run', ...study, '--seed', 'lasting', '--max-experiments', '3']);
  expect(said.exitCode, said.stderr).toBe(0);
  return repo;
}

/** Confirms it at the longer budget that follows. */
export const longer = ['confirm', ...study, '--runs', '3', '--budget'];
