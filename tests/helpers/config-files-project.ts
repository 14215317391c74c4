/** A project whose knobs are in YAML, JSON and TOML. */
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
/** The text of its YAML file. */
export const yaml = `# settings
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
/** Its files, path -> content. */
export const files = {
  'program.md': brief,
  'train.py': train,
  'conf/config.yaml': yaml,
  'conf/model.json': '{\r\n  "layers": [8],\r\n  "bias": true\r\n}\r\n',
  'conf/data.toml': '[data]\ndrop = 0.25 # share; space: 0..0.5\n',
};
