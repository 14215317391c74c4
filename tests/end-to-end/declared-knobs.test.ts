import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { entriesOf, journalOf, nocturne } from '../helpers/nocturne.ts';
import { type TemporaryRepo, temporaryRepo } from '../helpers/temporary-repo.ts';

/** A training in awk; the scorer sees the knobs too, and both say which values the file has. */
const train = `BEGIN {
  while ((getline line < ENVIRON["NOCTURNE_KNOBS"]) > 0) if (line ~ /"lr"/) { gsub(/[^0-9.e+-]/, "", line); sub(/^.*:/, "", line) ; told = line }
  print "lr " lr " depth " depth " opt " opt " file " told
  print (lr - 3) ^ 2 + (depth - 7) ^ 2 + (opt == "sgd" ? 0 : 1) > (ENVIRON["NOCTURNE_RUN_DIR"] "/loss")
}
`;
const briefWith = (lines: string) => `---
metric: loss
goal: minimize
train: awk -v lr={lr} -v depth={depth} -v opt={opt} -f train.awk
score: sh score.sh {scale}
budget: 20s
policy: greedy
${lines}
---
Find settings.
`;
const knobs =
  'knobs: { lr: 1.0 in log 0.03..30, depth: 4 in int 2..12, opt: adam in choice adam, sgd, scale: 1.0 in fixed }';
const start = '{\n  "lr": 1.0,\n  "depth": 4,\n  "opt": "adam",\n  "scale": 1.0\n}\n';

function repoWith(lines: string, more: Readonly<Record<string, string>> = {}): TemporaryRepo {
  return temporaryRepo({
    'program.md': briefWith(lines),
    'train.awk': train,
    'score.sh': 'echo "---"; echo "loss: $(cat "$NOCTURNE_RUN_DIR/loss")"; echo "scale: $1"\n',
    ...more,
  });
}

const run = (repo: TemporaryRepo, ...flags: readonly string[]) =>
  nocturne(repo.root, ['run', '--tag', 'night', ...flags]);

test('knobs that the brief declares are turned in a committed knobs.json', async () => {
  const repo = repoWith(`researcher: random\n${knobs}`);
  const first = await run(repo, '--max-experiments', '2');
  expect([first.exitCode, first.exitCode === 0 ? '' : first.stderr]).toEqual([0, '']);
  const journal = journalOf(repo.root, 'night');
  const [started] = entriesOf(journal, 'study-started');
  expect(repo.git('show', `${started?.start}:knobs.json`)).toBe(start.trimEnd());
  expect(repo.git('rev-parse', `${started?.start}^`)).toBe(repo.git('rev-parse', 'main'));
  const diff = repo.git('diff', '--numstat', `${started?.start}`, 'autoresearch/night').split('\n').filter(Boolean);
  for (const line of diff) expect(line).toMatch(/^(\d)\t\1\tknobs\.json$/);
  const made = entriesOf(journal, 'proposal-made');
  expect(made).toHaveLength(2);
  for (const { experiment } of made) {
    const values = JSON.parse(repo.git('show', `refs/autoresearch/night/000${experiment}:knobs.json`));
    const log = repo.read(`runs/night/000${experiment}/run-1/train.log`);
    const [, lr = '', depth = '', opt = '', told = ''] = /lr (\S+) depth (\S+) opt (\S+) file (\S+)/.exec(log) ?? [];
    expect({ lr: Number(lr), depth: Number(depth), opt, told: Number(told) }).toEqual({
      lr: values.lr,
      depth: values.depth,
      opt: values.opt,
      told: values.lr,
    });
  }
  expect(repo.read('runs/night/0000/run-1/score.log')).toContain('scale: 1.0');
  const [baseline] = entriesOf(journal, 'run-ended');
  expect(baseline?.result.measurement).toMatchObject({ value: 14 });
  expect(existsSync(join(repo.root, 'knobs.json'))).toBe(false);
  expect(repo.git('status', '--porcelain')).toBe('');
});
