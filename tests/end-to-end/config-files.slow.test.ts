import { expect, test } from 'vitest';
import { entriesOf, journalOf, nocturne } from '../helpers/nocturne.ts';
import { temporaryRepo } from '../helpers/temporary-repo.ts';

const brief = `---
metric: loss
goal: minimize
edit: [conf/config.yaml, conf/model.json, conf/data.toml]
train: python train.py --steps 5
budget: 20s
space: { optimizer.lr: log 1e-3..1, "layers[0]": int 1..64 }
---
Find settings.
`;
const yaml = `# settings
optimizer:   # of the model
  lr: 1e-1     # step size
  steps: 3
name: 'é'
`;
/** Reads what it needs of the files by hand: not every Python has PyYAML. */
const train = `import json, re
lr = float(re.search(r"lr: (\\S+)", open("conf/config.yaml").read()).group(1))
width = json.load(open("conf/model.json"))["layers"][0]
drop = float(re.search(r"drop = (\\S+)", open("conf/data.toml").read()).group(1))
print(f"METRIC loss={abs(lr - 0.02) + abs(width - 16) / 64 + drop}")
`;
const files = {
  'program.md': brief,
  'train.py': train,
  'conf/config.yaml': yaml,
  'conf/model.json': '{\r\n  "layers": [8],\r\n  "bias": true\r\n}\r\n',
  'conf/data.toml': '[data]\ndrop = 0.25 # share; space: 0..0.5\n',
};

test('a study keeps one-line changes of configuration files, and the rest of them stays', async () => {
  const { root, git } = temporaryRepo(files);
  const { exitCode, stderr } = await nocturne(root, [
    ...['run', '--tag', 'night', '--researcher', 'random', '--max-experiments', '4', '--policy', 'greedy'],
  ]);
  expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
  const edited = entriesOf(journalOf(root, 'night'), 'proposal-made').flatMap(({ proposal }) => proposal.edits);
  expect(new Set(edited.map(({ file }) => file)).size).toBeGreaterThan(1);
  const diff = git('diff', '--numstat', 'main', 'autoresearch/night').split('\n').filter(Boolean);
  for (const line of diff) expect(line).toMatch(/^(\d)\t\1\tconf\//);
  const tip = git('show', 'autoresearch/night:conf/config.yaml');
  expect(tip.replace(/lr: \S+/, 'lr: 1e-1').replace(/steps: \d+/, 'steps: 3')).toBe(yaml.trimEnd());
});

test('a configuration file that does not parse is one sentence with its line', async () => {
  const { root } = temporaryRepo({ ...files, 'conf/config.yaml': 'a: 1\nb: c: d\n' });
  const { exitCode, stderr } = await nocturne(root, ['run', '--tag', 'night', '--researcher', 'random']);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/The editable files do not parse: conf\/config\.yaml line 2: /);
});
