import { expect, test } from 'vitest';
import { nocturne } from '../helpers/nocturne.ts';
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

test('`space` shows the values of configuration files by path, and what `train:` sets', async () => {
  const { root } = temporaryRepo(files);
  const { stdout } = await nocturne(root, ['space', '--json']);
  const rows = JSON.parse(stdout).knobs.map((row: Record<string, unknown>) => [
    row.knob,
    row.file,
    row.line,
    row.range,
  ]);
  expect(rows).toEqual([
    ['optimizer.lr', 'conf/config.yaml', 3, 'log 1e-3..1'.replace('1e-3', '0.001')],
    ['optimizer.steps', 'conf/config.yaml', 4, null],
    ['name', 'conf/config.yaml', 5, null],
    ['layers[0]', 'conf/model.json', 2, 'int 1..64'],
    ['bias', 'conf/model.json', 3, 'bool'],
    ['data.drop', 'conf/data.toml', 2, 'float 0..0.5'],
  ]);
  const table = await nocturne(root, ['space']);
  expect(table.stdout).toMatch(/optimizer\.steps .*not searched: `train:` sets it/);
});
