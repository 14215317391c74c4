import { expect, test } from 'vitest';
import { enginePython } from '../helpers/engine-python.ts';
import { entriesOf, journalOf, nocturne } from '../helpers/nocturne.ts';
import { temporaryRepo } from '../helpers/temporary-repo.ts';

test('Optuna proposes values of declared knobs for a shell script', async () => {
  const brief = `---
metric: loss
goal: minimize
knobs: { lr: 1.0 in log 0.03..30, depth: 4 in int 2..12, opt: adam in choice adam, sgd }
train: sh train.sh {lr} {depth} {opt}
budget: 20s
policy: greedy
researcher: bayes
---
Find settings.
`;
  const train = `
loss=$(echo "$1 $2 $3" | awk '{ print ($1 - 3) ^ 2 + ($2 - 7) ^ 2 + ($3 == "sgd" ? 0 : 1) }')
echo "METRIC loss=$loss"
`;
  const repo = temporaryRepo({ 'program.md': brief, 'train.sh': train });
  const flags = ['run', '--tag', 'night', '--python', enginePython(), '--max-experiments', '14'];
  const { exitCode, stderr } = await nocturne(repo.root, flags);
  expect(exitCode, stderr).toBe(0);
  const made = entriesOf(journalOf(repo.root, 'night'), 'proposal-made');
  expect(made).toHaveLength(14);
  for (const { proposal } of made) {
    for (const edit of proposal.edits) expect(edit).toMatchObject({ kind: 'set-knob', file: 'knobs.json' });
  }
});
