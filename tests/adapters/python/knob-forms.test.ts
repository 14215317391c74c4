/** The knobs of training code in every form in which people write them; each is set, and read back by Python. */
import { describe, expect, it } from 'vitest';
import { createKnobReader, type Surroundings } from '../../../src/adapters/python/knob-reader.ts';
import { applyEdits } from '../../../src/core/proposal/patch.ts';
import type { Knob, KnobValue } from '../../../src/core/space/knob.ts';
import { memoised } from '../../helpers/memoised.ts';

async function read(files: Readonly<Record<string, string>>, around: Partial<Surroundings> = {}) {
  const reader = createKnobReader('python3', { train: ['python', 'train.py'], env: [], ...around });
  const reading = await reader.read(files);
  if (reading.kind === 'unreadable') throw new Error(reading.reason);
  return reading.knobs;
}

/** `name form type text` of every knob, with its reason where it is still. */
function told(knobs: readonly Knob[]): string[] {
  return knobs.map(({ name, form = 'constant', type, text, still }) =>
    [`${name} ${form} ${type} ${text}`, still].filter(Boolean).join(': '),
  );
}

async function toldOf(source: string, around?: Partial<Surroundings>): Promise<string[]> {
  return told(await read({ 'train.py': source }, around));
}

/** The knobs of each of these sources, all of which are read in one call, for speed. */
function readEach(sources: readonly string[]): (source: string) => Promise<readonly Knob[]> {
  const files = Object.fromEntries(sources.map((source, index) => [`f${index}.py`, `${source}\n`]));
  const knobs = memoised(() => read(files));
  return async (source) => {
    const all = await knobs();
    return all.filter(({ file }) => file === `f${sources.indexOf(source)}.py`);
  };
}

const forms: readonly (readonly [title: string, source: string, ...knobs: string[]])[] = [
  [
    'argparse: types, choices and names',
    `import argparse
p = argparse.ArgumentParser()
p.add_argument("--lr", type=float, default=1e-3)
p.add_argument('-b', '--batch-size', type=int, default=64, metavar='N')
p.add_argument("--momentum", default="0.9", type=float)
p.add_argument("--opt", choices=["sgd", "adamw"], default="sgd")
p.add_argument("--weight-decay", dest="wd", type=float, default=1,)
p.add_argument("--betas", nargs=2, type=float, default=[0.9, 0.95])
p.add_argument("--amp", action="store_true")
p.add_argument("--compile", action=argparse.BooleanOptionalAction, default=True)
p.add_argument("depth", nargs="?", type=int, default=4)
p.add_argument("--nothing")
p.add_argument("--none", default=None)
p.add_argument("--verbose", action="count", default=0)
args = p.parse_args()
`,
    'lr flag float 1e-3',
    'batch_size flag int 64',
    'momentum flag float 0.9',
    'opt flag string "sgd"',
    'weight_decay flag float 1',
    'betas flag tuple [0.9, 0.95]',
    'amp flag bool "store_true"',
    'compile flag bool True',
    'depth flag int 4',
  ],
  [
    'argparse: groups, sub-parsers and several lines',
    `import argparse
def arguments():
    parser = argparse.ArgumentParser()
    group = parser.add_argument_group("optimiser")
    group.add_argument(
        "--lr",
        type=float,
        help="step size (0.1)",
        default=0.1,
    )
    commands = parser.add_subparsers()
    fit = commands.add_parser("fit")
    fit.add_argument("--epochs", type=int, default=3)
    score = commands.add_parser("score")
    score.add_argument("--epochs", type=int, default=5)
    return parser.parse_args()
`,
    'lr flag float 0.1',
    'epochs flag int 3',
    'epochs[2] flag int 5',
  ],
  [
    'click',
    `import click
@click.command()
@click.option("--lr", default=1e-3, type=click.FloatRange(0, 1), show_default=True)
@click.option("-k", "--num-layers", default=2)
@click.option("--shuffle/--no-shuffle", default=True)
@click.option("--amp", is_flag=True)
@click.option("--opt", type=click.Choice(["sgd", "adam"]), default="adam")
@click.argument("path")
def main(lr, num_layers, shuffle, opt, path): pass
`,
    'lr flag float 1e-3',
    'num_layers flag int 2',
    'shuffle flag bool True',
    'amp flag bool is_flag=True',
    'opt flag string "adam"',
  ],
  [
    'typer',
    `import typer
from typing import Annotated
app = typer.Typer()
@app.command()
def train(lr: float = typer.Option(1e-3, min=0, help="x"), depth: Annotated[int, typer.Option(min=1, max=9)] = 4, amp: bool = False):
    pass
app()
`,
    'lr flag float 1e-3',
    'depth flag int 4',
    'amp flag bool False',
  ],
  ['typer.run', 'import typer\ndef main(lr: float = 1): pass\ntyper.run(main)\n', 'lr flag float 1'],
  [
    'fire',
    'import fire\ndef train(lr=0.1, width: int = 64, *, name="a b"): pass\nif __name__ == "__main__":\n    fire.Fire(train)\n',
    'lr flag float 0.1',
    'width flag int 64',
    'name flag string "a b"',
  ],
  ['tyro, a function', 'import tyro\ndef main(lr: float = 3e-4): pass\ntyro.cli(main)\n', 'lr flag float 3e-4'],
  [
    'tyro, a dataclass',
    `import tyro
from dataclasses import dataclass
@dataclass
class Args:
    exp_name: str = "ppo"
    lr: float = 2.5e-4
    """the step size"""
    num_envs: int = 4  # how many
args = tyro.cli(Args)
`,
    'Args.exp_name field string "ppo"',
    'Args.lr field float 2.5e-4',
    'Args.num_envs field int 4',
  ],
  [
    'absl',
    `from absl import app, flags
FLAGS = flags.FLAGS
flags.DEFINE_float("learning_rate", 1e-3, "step size", lower_bound=0.0)
flags.DEFINE_integer('batch_size', 32, 'size')
flags.DEFINE_enum("opt", "adam", ["adam", "sgd"], "which")
flags.DEFINE_bool("ema", False, "whether")
`,
    'learning_rate flag float 1e-3',
    'batch_size flag int 32',
    'opt flag string "adam"',
    'ema flag bool False',
  ],
  [
    'dataclasses, nested and with field()',
    `from dataclasses import dataclass, field
from typing import Optional, Literal
@dataclass(frozen=True)
class Optim:
    lr: float = 3e-4
    betas: tuple = (0.9, 0.95)
    kind: Literal["adamw", "sgd"] = "adamw"
@dataclass
class Config:
    depth: int = field(default=6, metadata={"help": "layers"})
    widths: list = field(default_factory=lambda: [64, 32])
    dropout: Optional[float] = 0
    optim: Optim = field(default_factory=Optim)
    path: Optional[str] = None
cfg = Config()
`,
    'Optim.lr field float 3e-4',
    'Optim.betas field tuple (0.9, 0.95)',
    'Optim.kind field string "adamw"',
    'Config.depth field int 6',
    'Config.widths field tuple [64, 32]',
    'Config.dropout field float 0',
  ],
  [
    'pydantic',
    `from pydantic import BaseModel, Field
class Settings(BaseModel):
    lr: float = Field(1e-3, ge=0, le=1)
    depth: int = Field(default=4, gt=0)
    width: int = 64
`,
    'Settings.lr field float 1e-3',
    'Settings.depth field int 4',
    'Settings.width field int 64',
  ],
  [
    'classes of settings',
    `class CFG:
    lr = 1e-4
    model_name = "resnet18"
    class aug:
        p = 0.5
class TrainConfig:
    def __init__(self):
        self.batch_size = 32
        self.hidden = 128
c = TrainConfig()
`,
    'CFG.lr field float 1e-4',
    'CFG.model_name field string "resnet18"',
    'TrainConfig.batch_size field int 32',
    'TrainConfig.hidden field int 128',
  ],
  [
    'dicts',
    `import lightgbm as lgb, wandb
params = {
    "objective": "binary",
    "learning_rate": 0.05,
    'num_leaves': 31, "seed": 1,
    "nested": {"depth": 3},
}
model = lgb.train(params, data, num_boost_round=100)
config = dict(lr=0.1, model=dict(width=64))
wandb.init(project="x", config={"dropout": 0.1})
labels = {"cat": 0, "dog": 1}
`,
    'params.learning_rate entry float 0.05',
    'params.num_leaves entry int 31',
    'params.nested.depth entry int 3',
    'train.num_boost_round argument int 100',
    'config.lr entry float 0.1',
    'config.model.width entry int 64',
    'config.dropout entry float 0.1',
  ],
  [
    'settings written one by one',
    `import ml_collections
def get_config():
    config = ml_collections.ConfigDict()
    config.learning_rate = 0.1
    config.model = ml_collections.ConfigDict()
    config.model.width = 64
    return config
params = {}
params["max_depth"] = 6
`,
    'config.learning_rate entry float 0.1',
    'config.model.width entry int 64',
    'params.max_depth entry int 6',
  ],
  [
    'calls of estimators, optimisers and layers',
    `import torch.nn as nn
from torch import optim
import xgboost as xgb
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
m = xgb.XGBClassifier(max_depth=6, n_jobs=4, random_state=0, eval_metric="logloss",
                      learning_rate=0.1)
f = RandomForestClassifier(100, max_features="sqrt", min_samples_leaf=2)
a, b = train_test_split(x, y, test_size=0.2)
net = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Dropout(0.2), nn.Linear(128, 10))
o = optim.AdamW(net.parameters(), 3e-4, weight_decay=0.01, betas=(0.9, 0.999))
nn.utils.clip_grad_norm_(net.parameters(), 1.0)
print("x", end=0)
m.fit(a, b, epochs=3, verbose=1)
`,
    'XGBClassifier.max_depth argument int 6',
    'XGBClassifier.learning_rate argument float 0.1',
    'RandomForestClassifier.max_features argument string "sqrt"',
    'RandomForestClassifier.min_samples_leaf argument int 2',
    'Dropout.p argument float 0.2',
    'AdamW.lr argument float 3e-4',
    'AdamW.weight_decay argument float 0.01',
    'AdamW.betas argument tuple (0.9, 0.999)',
    'clip_grad_norm_.max_norm argument float 1.0',
    'fit.epochs argument int 3',
  ],
  [
    'Keras',
    `from tensorflow import keras
from tensorflow.keras import layers
model = keras.Sequential([
    layers.Dense(128, activation="relu"),
    layers.Dropout(0.5),
    layers.Dense(10),
])
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="mse")
model.fit(x, y, batch_size=32, epochs=10, validation_split=0.1, verbose=2)
`,
    'Dense.units argument int 128',
    'Dense.activation argument string "relu"',
    'Dropout.rate argument float 0.5',
    'Adam.learning_rate argument float 1e-3',
    'fit.batch_size argument int 32',
    'fit.epochs argument int 10',
  ],
  [
    'arguments of transformers',
    `from transformers import TrainingArguments, Trainer
args = TrainingArguments(output_dir="out", learning_rate=2e-5, num_train_epochs=3, per_device_train_batch_size=16,
    per_device_eval_batch_size=16, logging_steps=10, save_strategy="epoch", seed=1)
`,
    'TrainingArguments.learning_rate argument float 2e-5',
    'TrainingArguments.num_train_epochs argument int 3',
    'TrainingArguments.per_device_train_batch_size argument int 16',
  ],
  [
    'variables of the environment',
    `import os
from os import environ, getenv
width = int(os.environ.get("WIDTH", 64))
lr = float(os.getenv("LR", "0.1"))
depth = int(environ.get("DEPTH", '4'))
opt = getenv("OPT", "adam")
rank = int(os.environ.get("RANK", -1))
key = os.environ["KEY"]
`,
    'WIDTH variable int 64',
    'LR variable float 0.1',
    'DEPTH variable int 4',
    'OPT variable string "adam"',
  ],
  [
    'lower-case globals, the main guard and main()',
    `learning_rate = 6e-4
lr, width = 0.1, 64
_private = 1
def main(epochs=3):
    batch_size = 32
    with open("x") as f:
        dropout = 0.1
    total = 0
    for step in range(3):
        total += 1
        inner = 2
def helper():
    other = 1
if __name__ == "__main__":
    depth = 4
    main()
`,
    'learning_rate global float 6e-4',
    'lr global float 0.1',
    'width global int 64',
    'epochs global int 3',
    'batch_size global int 32',
    'dropout global float 0.1',
    'depth global int 4',
  ],
];

describe('the knobs of', () => {
  const found = readEach(forms.map(([, source]) => source));
  it.each(forms)('%s', async (_, source, ...knobs) => {
    expect(told(await found(source))).toEqual(knobs);
  });
});

/** A value of the knob's type that differs from the present one. */
function another({ type, value, choices }: Knob): KnobValue {
  const other = choices?.find((each) => each !== value);
  if (other !== undefined) return other;
  if (typeof value === 'number') return type === 'float' ? value / 4 + 0.25 : value * 2 + 1;
  if (typeof value === 'boolean') return !value;
  return typeof value === 'string' ? `${value}x` : value.map((item) => item + 1);
}

it('each knob of each form is set alone, which changes one line and only its own value', async () => {
  const names = Object.fromEntries(forms.map(([, source], index) => [`f${index}.py`, source]));
  const knobs = await read(names);
  const edited: Record<string, string> = {};
  for (const [index, knob] of knobs.entries()) {
    const edit = { kind: 'set-knob' as const, file: knob.file, knob: knob.name, to: another(knob) as number };
    const patch = applyEdits({ files: names, knobs }, [edit]);
    if (patch.kind === 'refused') throw new Error(patch.reason);
    const after = patch.files[knob.file] ?? '';
    const [before, now] = [names[knob.file]?.split('\n') ?? [], after.split('\n')];
    expect(now.length, knob.name).toBe(before.length);
    expect(now.filter((line, at) => line !== before[at]).length, knob.name).toBe(1);
    edited[`${index}.py`] = after;
  }
  const again = await read(edited);
  for (const [index, knob] of knobs.entries()) {
    const found = again.filter(({ file }) => file === `${index}.py`).map(({ name, value }) => [name, value]);
    const expected = knobs
      .filter(({ file }) => file === knob.file)
      .map((each) => [each.name, each === knob ? another(knob) : each.value]);
    expect(found).toEqual(expected);
  }
});

describe('a value that has no effect is still, and says why', () => {
  it.each([
    [
      '`train:` gives the flag',
      'p.add_argument("--lr", "-l", default=0.1)\np.add_argument("--wd", default=0.2)\n',
      ['python', 'train.py', '--lr=0.3'],
      ['lr flag float 0.1: `train:` sets it', 'wd flag float 0.2'],
    ],
    [
      '`train:` gives it by its short name',
      'p.add_argument("--lr", "-l", default=0.1)\n',
      ['python', 'train.py', '-l', '1'],
      ['lr flag float 0.1: `train:` sets it'],
    ],
    [
      '`train:` gives it within a shell',
      'p.add_argument("--weight-decay", default=0.1)\n',
      ['bash', '-c', 'cd x && python train.py --weight-decay 0.5'],
      ['weight_decay flag float 0.1: `train:` sets it'],
    ],
    [
      '`train:` gives the field',
      'from dataclasses import dataclass\nimport tyro\n@dataclass\nclass A:\n    lr: float = 0.1\na = tyro.cli(A)\n',
      ['python', 'train.py', '--lr', '0.3'],
      ['A.lr field float 0.1: `train:` sets it'],
    ],
    [
      '`train:` gives the flag and not the field of that name',
      'from dataclasses import dataclass\n@dataclass\nclass A:\n    lr: float = 0.1\np.add_argument("--lr", default=0.2)\n',
      ['python', 'train.py', '--lr', '0.3'],
      ['A.lr field float 0.1', 'lr flag float 0.2: `train:` sets it'],
    ],
    [
      'the script itself gives the flag',
      'p.add_argument("--lr", default=0.1)\nargs = p.parse_args(["--lr", "0.2"])\n',
      [],
      ['lr flag float 0.1: parse_args(...) sets it in line 2'],
    ],
    [
      '`train:` assigns the global',
      'lr = 0.1\nexec(open("configurator.py").read())\n',
      ['python', 'train.py', '--lr=0.3'],
      ['lr global float 0.1: `train:` sets it'],
    ],
    [
      '`train:` sets the variable',
      'import os\nlr = float(os.environ.get("LR", 0.1))\n',
      ['env', 'LR=0.3', 'python', 'train.py'],
      ['LR variable float 0.1: `train:` sets it'],
    ],
    [
      '`train:` calls the function of one command, and what another one does is without effect',
      'import click\nfrom sklearn.svm import SVC\n@click.command()\n@click.option("--lr", default=0.1)\ndef train(lr):\n    SVC(C=1.0)\n@click.command()\n@click.option("--k", default=3)\ndef tune(k):\n    SVC(C=2.0)\n',
      ['python', '-c', 'from p.train import train; train()'],
      [
        'lr flag float 0.1',
        'SVC.C argument float 1.0',
        'k flag int 3: `train:` runs the sub-command train',
        'SVC.C[2] argument float 2.0: `train:` runs the sub-command train',
      ],
    ],
    [
      '`train:` names a command of typer, and what another one does is without effect',
      'import typer\nfrom sklearn.svm import SVC\napp = typer.Typer()\n@app.command()\ndef fit(lr: float = 0.1):\n    SVC(C=1.0)\n@app.command()\ndef check(lr: float = 0.2):\n    SVC(C=2.0)\n',
      ['python', 'train.py', 'fit'],
      [
        'lr flag float 0.1',
        'SVC.C argument float 1.0',
        'lr[2] flag float 0.2: `train:` runs the sub-command fit',
        'SVC.C[2] argument float 2.0: `train:` runs the sub-command fit',
      ],
    ],
    [
      'fire runs one of its functions, and what another one alone uses is without effect',
      'import fire\nNET = 3\ndefaults = {"lr": 0.1}\ndefaults_tree = {"lr": 0.2}\ndef net(width=NET, depth=2):\n    use(defaults)\ndef tree(depth=3):\n    use(defaults_tree)\nfire.Fire({"net": net, "tree-2": tree})\n',
      ['python', 'train.py', 'net'],
      [
        'NET constant int 3',
        'defaults.lr entry float 0.1',
        'defaults_tree.lr entry float 0.2: `train:` runs the sub-command net',
        'depth flag int 2',
        'depth[2] flag int 3: `train:` runs the sub-command net',
      ],
    ],
    [
      'fire runs the function whose name in a dict is another one',
      'import fire\ndef net(depth=2): pass\ndef tree(depth=3): pass\nfire.Fire({"a": net, "b": tree})\n',
      ['python', 'train.py', 'b'],
      ['depth[2] flag int 2: `train:` runs the sub-command tree', 'depth flag int 3'],
    ],
    [
      'fire shows all functions of the file',
      'import fire\ndef fit(lr=0.1): pass\ndef sample(k=3): pass\nif __name__ == "__main__":\n    fire.Fire()\n',
      ['python', 'train.py', 'fit'],
      ['lr flag float 0.1', 'k flag int 3: `train:` runs the sub-command fit'],
    ],
    [
      'what two commands use has its effect',
      'import click\nRATE = 0.1\nDEPTH = 3\n@click.command()\ndef fit():\n    use(RATE)\n@click.command()\ndef tune():\n    use(RATE, DEPTH)\n',
      ['python', 'train.py', 'fit'],
      ['RATE constant float 0.1', 'DEPTH constant int 3: `train:` runs the sub-command fit'],
    ],
    [
      '`train:` runs another sub-command',
      's = p.add_subparsers()\na = s.add_parser("fit")\na.add_argument("--lr", default=0.1)\nb = s.add_parser("tune")\nb.add_argument("--k", default=3)\n',
      ['python', 'train.py', 'fit'],
      ['lr flag float 0.1', 'k flag int 3: `train:` runs the sub-command fit'],
    ],
    [
      'set_defaults replaces the default',
      'p.add_argument("--lr", default=0.1)\np.set_defaults(lr=0.5)\n',
      [],
      ['lr[2] flag float 0.1: set_defaults(...) sets it in line 2', 'lr flag float 0.5'],
    ],
    [
      'the parsed arguments are set again',
      'p.add_argument("--lr", default=0.1)\np.add_argument("--wd", default=0.1)\nargs = p.parse_args()\nargs.lr = 3 * k\nargs.wd = args.wd * 2\n',
      [],
      ['lr flag float 0.1: args.lr = ... sets it in line 4', 'wd flag float 0.1'],
    ],
    [
      'every constructor call sets the field',
      'from dataclasses import dataclass\n@dataclass\nclass C:\n    a: int = 1\n    b: int = 2\n    c: int = 3\nargs = dict(b=x)\nC(4, **args)\n',
      [],
      [
        'C.a[2] field int 1: C(...) sets it in line 8',
        'C.b field int 2: C(...) sets it in line 8',
        'C.c field int 3',
        'C.a field int 4',
      ],
    ],
    [
      'a class of settings is given another value where it is a field itself',
      'from dataclasses import dataclass, field\n@dataclass\nclass ModelConfig:\n    width: int = 64\n    depth: int = 2\n@dataclass\nclass Config:\n    model: ModelConfig = field(default_factory=lambda: ModelConfig(width=32))\n',
      [],
      [
        'ModelConfig.width[2] field int 64: ModelConfig(...) sets it in line 8',
        'ModelConfig.depth field int 2',
        'ModelConfig.width field int 32',
      ],
    ],
    [
      'a field is set again',
      'class Config:\n    lr = 0.1\ncfg = Config()\ncfg.lr = 0.2\n',
      [],
      ['Config.lr field float 0.1: an assignment to .lr sets it in line 4', 'cfg.lr entry float 0.2'],
    ],
    [
      'an entry is set again',
      'params = {"lr": 0.1, "k": 3}\nparams["lr"] = 0.2\nparams.update(k=4)\n',
      [],
      [
        "params.lr[2] entry float 0.1: params['lr'] sets it in line 2",
        "params.k entry int 3: params['k'] sets it in line 3",
        'params.lr entry float 0.2',
      ],
    ],
    [
      'a global is bound twice',
      'lr = 0.1\nif x:\n    lr = 0.2\n',
      [],
      ['lr global float 0.1: it is bound again in line 3'],
    ],
    [
      'every call of the function passes the parameter',
      'def train(lr=0.1, epochs=3): pass\ntrain(k)\n',
      [],
      ['lr global float 0.1: train(...) sets it in line 2', 'epochs global int 3'],
    ],
    [
      'a data module of the project has a batch, and what else it is given is about the data',
      'import lightning as L\nclass Digits(L.LightningDataModule):\n    def __init__(self, folds=5, batch_size=32, width=28): pass\ndata = Digits(3, batch_size=16)\nother = Digits(3)\n',
      [],
      ['Digits.batch_size argument int 32', 'Digits.batch_size[2] argument int 16'],
    ],
    [
      'a loader is for evaluation',
      'from torch.utils.data import DataLoader\na = DataLoader(train_set, batch_size=64)\nval_loader = DataLoader(other, batch_size=8)\n',
      [],
      [
        'DataLoader.batch_size argument int 64',
        'DataLoader.batch_size[2] argument int 8: it loads data for evaluation',
      ],
    ],
  ])('%s', async (_, source, train, expected) => {
    expect(await toldOf(source, { train })).toEqual(expected);
  });

  it('`env:` lets the shell set the variable', async () => {
    const source = 'import os\nlr = float(os.environ.get("LR", 0.1))\n';
    expect(await toldOf(source, { env: ['LR'] })).toEqual(['LR variable float 0.1: `env:` lets the shell set it']);
  });

  it.each([
    ['a script executes', 'exec(open("configurator.py").read())\n', 'config/small.py sets it'],
    ['a script executes itself', 'exec(compile(open(sys.argv[1]).read(), "c", "exec"))\n', 'config/small.py sets it'],
    ['a script only names', 'print(sys.argv[1])\n', undefined],
  ])('a configuration in Python that %s sets the globals that it binds', async (_, last, still) => {
    const files = {
      'train.py': `learning_rate = 0.1\ndropout = 0.2\n${last}`,
      'config/small.py': 'learning_rate = 0.3\nbeta2 = 0.99\n',
    };
    const knobs = await read(files, { train: ['python', 'train.py', 'config/small.py', '--beta2=0.9'] });
    expect(told(knobs)).toEqual([
      ['learning_rate global float 0.1', still].filter(Boolean).join(': '),
      'dropout global float 0.2',
      'learning_rate global float 0.3',
      'beta2 global float 0.99: `train:` sets it',
    ]);
  });

  it('what loads pretrained weights sets what they need', async () => {
    const source = `from dataclasses import dataclass
@dataclass
class C:
    bias: bool = True
    width: int = 8
class Net:
    @classmethod
    def from_pretrained(cls, kind):
        config_args = {'small': dict(width=12)}[kind]
        config_args['bias'] = True
        config_args['block_size'] = 1024
        return cls(C(**config_args))
c = C(**dict(bias=bias))
`;
    expect(told(await read({ 'model.py': source })).filter((line) => !/: /.test(line))).toEqual([
      'C.width field int 8',
    ]);
  });

  it('the call that sets a field is in another editable file', async () => {
    const config = 'from dataclasses import dataclass\n@dataclass\nclass C:\n    a: int = 1\n    b: int = 2\n';
    const knobs = await read({ 'config.py': config, 'train.py': 'from config import C\nc = C(a=3)\n' });
    expect(told(knobs)).toEqual(['C.a field int 1: C(...) sets it in line 2', 'C.b field int 2', 'C.a field int 3']);
  });
});

describe('what the script itself accepts', () => {
  const cases: readonly (readonly [source: string, expected: Partial<Knob>])[] = [
    ['p.add_argument("--o", choices=["a", "b"], default="a")', { choices: ['a', 'b'] }],
    ['p.add_argument("--n", choices=(1, 2), default=1, type=int)', { choices: [1, 2] }],
    ['p.add_argument("--n", choices=range(1, 4), default=1, type=int)', { choices: [1, 2, 3] }],
    [
      'from pydantic import BaseModel, Field\nclass S2(BaseModel):\n    n: int = Field(2, gt=0, lt=9)',
      { bounds: [1, 8] },
    ],
    ['KINDS = ["a", "b"]\np.add_argument("--o", choices=KINDS, default="a")', { choices: ['a', 'b'] }],
    ['import click\n@click.option("--k", type=click.IntRange(1, 9), default=3)\ndef f(): pass', { bounds: [1, 9] }],
    [
      'import click\n@click.option("--k", type=click.FloatRange(min=0), default=3)\ndef f(): pass',
      { bounds: [0, null] },
    ],
    [
      'from pydantic import BaseModel, Field\nclass S(BaseModel):\n    x: float = Field(0.5, ge=0, le=1)',
      { bounds: [0, 1] },
    ],
    ['from absl import flags\nflags.DEFINE_float("x", 0.5, "", lower_bound=0)', { bounds: [0, null] }],
    [
      'from dataclasses import dataclass\n@dataclass\nclass C:\n    k: Literal["a", "b"] = "a"',
      { choices: ['a', 'b'] },
    ],
  ];
  const found = readEach(cases.map(([source]) => source));
  it.each(cases)('%j', async (source, expected) => {
    expect((await found(source))[0]).toMatchObject(expected);
  });
});

describe('the callee or class of a value is known by its whole name', () => {
  const cases: readonly (readonly [source: string, of: string])[] = [
    ['from xgboost import XGBClassifier as X\nX(max_depth=3)', 'xgboost.XGBClassifier'],
    ['import torch\ntorch.optim.SGD(p, lr=0.1)', 'torch.optim.SGD'],
    ['from torch.optim import *\nAdamW(p, lr=0.1)', 'AdamW'],
    ['import tensorflow as tf\nlayers = tf.keras.layers\nlayers.Dropout(0.1)', 'tensorflow.keras.layers.Dropout'],
    ['import xgboost as xgb\nparams = {"eta": 0.1}\nxgb.train(params, d)', 'xgboost.train'],
    ['from lightgbm import LGBMClassifier\nkw = dict(num_leaves=31)\nLGBMClassifier(**kw)', 'lightgbm.LGBMClassifier'],
    [
      'from catboost import CatBoostClassifier\nm = CatBoostClassifier()\nm.fit(x, epochs=3)',
      'catboost.CatBoostClassifier.fit',
    ],
  ];
  const found = readEach(cases.map(([source]) => source));
  it.each(cases)('%j', async (source, of) => {
    expect((await found(source))[0]).toMatchObject({ of });
  });
});

describe('an annotation stands behind the value or the call that it is in', () => {
  const cases: readonly (readonly [name: string, source: string])[] = [
    ['lr', 'lr = 0.1  # space: log 1e-3..1'],
    ['lr', 'p.add_argument("--lr", default=0.1, help="#")  # step; space: log 1e-3..1'],
    ['lr', 'p.add_argument(\n    "--lr",\n    default=0.1,  # space: log 1e-3..1\n    help="x",\n)'],
    ['params.lr', 'params = {\n    "lr": 0.1,  # space: log 1e-3..1\n    "k": 3,\n}'],
    ['SGD.lr', 'from torch.optim import SGD\nSGD(p, lr=0.1)  # space: log 1e-3..1'],
    ['C.lr', 'class C(BaseModel):\n    lr: float = Field(0.1, ge=0)  # space: log 1e-3..1'],
    ['LR', 'import os\nlr = float(os.getenv("LR", "0.1"))  # space: log 1e-3..1'],
    ['main.lr'.slice(5), 'def main(\n    lr=0.1,  # space: log 1e-3..1\n    k=3,\n): pass\nmain()'],
  ];
  const found = readEach(cases.map(([, source]) => source));
  it.each(cases)('%s in %j', async (name, source) => {
    const knobs = await found(source);
    expect(knobs.filter(({ annotation }) => annotation !== undefined).map((knob) => knob.name)).toEqual([name]);
    expect(knobs.find((knob) => knob.name === name)?.annotation).toBe('log 1e-3..1');
  });
});

describe('no knob is', () => {
  const cases: readonly (readonly [title: string, source: string])[] = [
    [
      'a call that shapes no training',
      'import numpy as np\nnp.random.normal(0, scale=0.1)\nopen("x", buffering=1)\nplt.figure(figsize=3)',
    ],
    ['a fixture of a test', 'from torch.optim import SGD\ndef test_it():\n    SGD(p, lr=0.1)'],
    [
      'a size that another line must agree with',
      'from torch import nn\nnn.Conv2d(3, 32, kernel_size=3, padding=1)\nnn.Embedding(1000, 64)',
    ],
    ['a counter', 'step = 0\nwhile step < 3:\n    step += 1'],
    ['what a loop binds', 'best = 1e9\nfor x in y:\n    best = x'],
    ['what a function binds for all', 'n = 0\ndef f():\n    global n\n    n = 1\nfor x in y: n = 3'],
    [
      'a dict that holds no settings',
      'labels = {"a": 1}\ncolors = dict(red=1)\nparam_grid = {"depth": [1, 2], "k": 3}',
    ],
    ['a member of an enumeration', 'from enum import Enum\nclass Options(Enum):\n    a = 1'],
    ['a text that is a path or a sentence', 'data = "data/train.csv"\ntitle = "a b c"'],
    ['an option of another program', 'options.add_argument("--headless")'],
  ];
  const found = readEach(cases.map(([, source]) => source));
  it.each(cases)('%s', async (_, source) => {
    expect(told(await found(source))).toEqual([]);
  });
});
