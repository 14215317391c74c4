import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { journalOf, nocturne } from '../helpers/nocturne.ts';
import { disagreements, printedNumbers, type StudyPages, staircaseOf, truthsOf } from '../helpers/printed-numbers.ts';
import { temporaryRepo } from '../helpers/temporary-repo.ts';

/** A noise of 0.01; MOMENTUM does nothing. */
const train = `import math, os, random
LR = 0.1
WIDTH = 64
DROPOUT = 0.0
DEPTH = 2
MOMENTUM = 0.0
noise = random.Random(os.environ["NOCTURNE_SEED"] + repr((LR, WIDTH, DROPOUT, DEPTH, MOMENTUM))).gauss(0, .01)
loss = 1 + .3 * abs(math.log10(LR / .01)) + .05 * abs(math.log2(WIDTH / 256)) + (DROPOUT - .2) ** 2
print(f"METRIC loss={loss + .08 * abs(DEPTH - 4) + noise:.6f}")
`;
const brief = `---
metric: loss
goal: minimize
train: python3 train.py
budget: 5s
space: { LR: log 0.0005..0.5, WIDTH: pow2 16..1024, DROPOUT: float 0..0.6, DEPTH: int 1..8, MOMENTUM: float 0..0.99 }
stop: { experiments: 40 }
---
Prose.
`;

it.each(['random', 'auto', 'recipe'])('every page of a study by %s prints the same numbers', async (researcher) => {
  const { root, git } = temporaryRepo({ 'program.md': brief, 'train.py': train });
  const run = await nocturne(root, ['run', '--tag', 'toy', '--seed', researcher, '--researcher', researcher]);
  expect(run.exitCode, run.stderr).toBe(0);
  const look = async (...args: readonly string[]) => (await nocturne(root, args)).stdout;
  const file = (name: string) => readFileSync(join(root, 'runs/toy', name), 'utf8');
  const pages: StudyPages = {
    gitLog: git('log', 'autoresearch/toy'),
    live: run.stderr,
    log: await look('log'),
    logJson: await look('log', '--json'),
    status: await look('status'),
    statusJson: await look('status', '--json'),
    markdown: file('report.md'),
    html: file('report.html'),
    resultsTsv: file('results.tsv'),
  };
  expect(printedNumbers(pages).length).toBeGreaterThan(100);
  expect(disagreements(pages, truthsOf(journalOf(root, 'toy')))).toEqual([]);
  const heights = staircaseOf(pages.html);
  expect(heights.length).toBeGreaterThan(1);
  expect(heights).toEqual([...heights].sort((a, b) => a - b));
});
