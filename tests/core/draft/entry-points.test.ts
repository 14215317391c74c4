import { describe, expect, test } from 'vitest';
import { findEntryPoints } from '../../../src/core/draft/entry-points.ts';

const loop = 'import torch\nopt = torch.optim.SGD(p, lr=0.1)\nloss.backward()\nprint(loss)\n';
const main = `${loop}if __name__ == "__main__":\n    main()\n`;

const guard = 'if __name__ == "__main__":\n    main()\n';

const notebook = `# %%\nimport numpy as np\n\n# %%\nfor k in range(100):\n    loss.backward()\n    print(f"step {k} loss {loss}")\n`;

/** The likeliest entry point of these files, as `folder$ command`. */
function first(files: Readonly<Record<string, string>>): string | undefined {
  const found = findEntryPoints(
    Object.entries(files).map(([path, text]) => ({ path, text })),
    Object.keys(files),
  );
  const start = found[0]?.starts[0];
  return start === undefined ? undefined : `${start.folder}$ ${start.argv.join(' ')}`;
}

/** All ways to start the likeliest entry point of these files. */
function starts(files: Readonly<Record<string, string>>): readonly string[] {
  const found = findEntryPoints(
    Object.entries(files).map(([path, text]) => ({ path, text })),
    Object.keys(files),
  );
  return (found[0]?.starts ?? []).map(({ argv }) => argv.join(' '));
}

test.each([
  [
    'a shell script with variables of its own',
    'train.sh',
    `#!/bin/bash\nLR=\${LR:-0.001}\nexport BS="32"\nOUT=out-$BS\npython train.py --lr $LR --bs \${BS} --out $OUT "$@"\n`,
    'python train.py --lr 0.001 --bs 32 --out out-32',
  ],
  ['a Makefile', 'Makefile', 'LR ?= 0.01\ntrain:\n\tpython train.py --lr $(LR)\n', 'python train.py --lr 0.01'],
  [
    'torchrun',
    'README.md',
    '```\ntorchrun --standalone --nproc_per_node=2 train.py --lr 1\n```',
    'torchrun --standalone --nproc_per_node=2 train.py --lr 1',
  ],
  [
    'accelerate',
    'README.md',
    'Run `accelerate launch --num_processes 1 train.py`.',
    'accelerate launch --num_processes 1 train.py',
  ],
  [
    'the module of torchrun',
    'run.sh',
    'python -m torch.distributed.run --nproc_per_node 2 train.py',
    'python -m torch.distributed.run --nproc_per_node 2 train.py',
  ],
])('%s says how the script is started', (_, path, text, expected) => {
  expect(starts({ 'train.py': main, [path]: text })).toContain(expected);
});

test('a variable that a shell script takes from its caller leaves no command', () => {
  expect(starts({ 'train.py': main, 'train.sh': 'python train.py --lr $1\npython train.py --bs $BS\n' })).toEqual([
    'python train.py',
  ]);
});

test.each([
  ['train.py before its helpers', { 'train.py': main, 'model.py': loop, 'evaluate.py': main }, '.$ python train.py'],
  ['main.py that trains', { 'main.py': main, 'utils.py': loop }, '.$ python main.py'],
  [
    'a script with a name of its own',
    { 'mnist_convnet.py': main, 'setup.py': 'setup()' },
    '.$ python mnist_convnet.py',
  ],
  ['a script in a sub-folder', { 'ml/train.py': main, 'web/app.py': 'app = Flask()' }, '.$ python ml/train.py'],
  [
    'a module that imports its neighbours by a dot',
    { 'src/pkg/train.py': `from .model import Net\n${main}`, 'src/pkg/model.py': loop, 'src/pkg/__init__.py': '' },
    '.$ python -m pkg.train',
  ],
  ['a package that is started', { 'pkg/__main__.py': main, 'pkg/__init__.py': '' }, '.$ python -m pkg'],
  [
    'what the README starts',
    { 'README.md': '```\npython fit_model.py\n```', 'fit_model.py': main, 'other.py': main },
    '.$ python fit_model.py',
  ],
  [
    'a script in another language',
    { 'train.mjs': 'for (let epoch = 0; epoch < 3; epoch++) {}', 'package.json': '{}' },
    '.$ node train.mjs',
  ],
  [
    'a notebook that trains',
    { 'demo.ipynb': notebook, 'micro/engine.py': 'class Value:\n    pass\n' },
    '.$ demo.ipynb',
  ],
  ['model.py where nothing else trains', { 'model.py': main, 'plot.py': 'print(1)\n' }, '.$ python model.py'],
  ['app.py that trains', { 'app.py': main, 'model.py': 'class Net:\n    pass\n' }, '.$ python app.py'],
  ['a score script that trains by itself', { 'cv_score.py': main, 'README.md': '# Mine' }, '.$ python cv_score.py'],
  [
    'the program, not the train.py that it imports',
    {
      'main.py': `import fire\nfrom pkg.train import train\nclass Trainer:\n    def train(self, lr=0.1):\n        train(lr)\n${guard}`,
      'pkg/train.py': 'import torch\ntorch.manual_seed(1)\ndef train(lr):\n    optimizer.step()\n    print(lr)\n',
    },
    '.$ python main.py',
  ],
  [
    'a train.py that another script imports a helper of',
    { 'train.py': main, 'main.py': `import train\n${guard}` },
    '.$ python train.py',
  ],
  [
    'the script that the README starts first, among equals',
    { 'README.md': '```\npython rl/ppo.py\npython rl/c51.py\n```', 'rl/c51.py': main, 'rl/ppo.py': main },
    '.$ python rl/ppo.py',
  ],
  [
    'a script without a library in a folder of its own',
    { 'experiments/exp one/guess.py': 'lr = 0.1\nfor i in range(9):\n    w -= lr\nprint("loss", w)\n' },
    '.$ python experiments/exp one/guess.py',
  ],
  ['a script before a notebook', { 'analysis.ipynb': notebook, 'train.py': main }, '.$ python train.py'],
  [
    'the notebook that trains, not the one that draws',
    { 'draw.ipynb': '# %%\nfrom graphviz import Digraph\nDigraph()\n', 'notebooks/fit.ipynb': notebook },
    '.$ notebooks/fit.ipynb',
  ],
])('the entry point is %s', (_, files, expected) => {
  expect(first(files)).toBe(expected);
});

test.each([
  ['nothing', {}],
  ['a web service', { 'app.py': 'from flask import Flask\napp = Flask(__name__)\n', 'requirements.txt': 'flask' }],
  ['tests alone', { 'tests/test_train.py': main, 'conftest.py': '' }],
])('%s has no entry point', (_, files) => {
  expect(first(files)).toBeUndefined();
});

describe('the ways to start a script', () => {
  const startsIn = (files: Readonly<Record<string, string>>) =>
    findEntryPoints(
      Object.entries(files).map(([path, text]) => ({ path, text })),
      Object.keys(files),
    )[0]?.starts.map(({ argv, folder }) => `${folder}$ ${argv.join(' ')}`);

  test.each([
    [
      'a method that fire shows',
      'import fire\nclass Trainer:\n    def train(self, lr=0.1):\n        optimizer.step()\nif __name__ == "__main__":\n    fire.Fire(Trainer)\n',
      '.$ python main.py train',
    ],
    [
      "a command of click's group",
      'import click\nimport torch\n@click.group()\ndef cli():\n    pass\n\n@cli.command()\n@click.option("--lr", default=1e-3)\ndef train(lr):\n    optimizer.step()\nif __name__ == "__main__":\n    cli()\n',
      '.$ python main.py train',
    ],
    [
      "a command of typer's app",
      'import typer\nimport torch\napp = typer.Typer()\n@app.command()\ndef train_model(lr: float = 1e-3):\n    optimizer.step()\nif __name__ == "__main__":\n    app()\n',
      '.$ python main.py train-model',
    ],
  ])('are %s, behind the plain one', (_, text, expected) => {
    expect(startsIn({ 'main.py': text })).toEqual(['.$ python main.py', expected]);
  });

  test('are its plain name, then what the README and the Makefile say', () => {
    const files = {
      'train.py': main,
      'README.md': 'Run:\n\n    $ CUDA_VISIBLE_DEVICES=0 python train.py --config configs/a.yaml\n',
      Makefile: 'train:\n\tuv run python train.py --epochs 3\n',
    };
    expect(startsIn(files)).toEqual([
      '.$ python train.py',
      '.$ python train.py --config configs/a.yaml',
      '.$ python train.py --epochs 3',
    ]);
  });

  test('leave out a command with a place for a value of the reader', () => {
    const files = { 'train.py': main, 'README.md': '`python train.py --data <path>`, `python train.py --data $DATA`' };
    expect(startsIn(files)).toEqual(['.$ python train.py']);
  });

  test('include the folder that a README enters first', () => {
    const files = { 'examples/a/train.py': main, 'README.md': '```\ncd examples/a\npython train.py --fast\n```' };
    expect(startsIn(files)).toContain('examples/a$ python train.py --fast');
  });

  test('include a function that pyproject.toml installs as a command', () => {
    const files = {
      'pyproject.toml': '[project.scripts]\npkg-train = "pkg.cli:main"\n',
      'src/pkg/cli.py': `from pkg.model import Net\n${loop}def main():\n    train()\n`,
      'src/pkg/__init__.py': '',
    };
    expect(startsIn(files)).toContain('.$ python -c from pkg.cli import main; main()');
  });
});
