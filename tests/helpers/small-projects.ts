/** Small training projects of many forms, as people bring them: standard library only, each ends in a moment. */

export interface SmallProject {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  /** Files that no commit has. */
  readonly uncommitted?: Readonly<Record<string, string>>;
  /** The folder in which the owner stands. */
  readonly folder?: string;
  /** Lines that the brief has. */
  readonly brief: readonly string[];
}

/** A descent on a bowl whose score depends on the seed, with `lr` and `width` from the lines before. */
const bowl = (seed: string) => `import math, random
random.seed(${seed})
def fit(lr, width):
    loss = 1.0 + (math.log10(max(lr, 1e-9)) + 1.5) ** 2 / 10 + abs(width - 16) / 100
    return loss + random.gauss(0, 0.01)
`;

export const smallProjects: readonly SmallProject[] = [
  {
    title: 'argparse',
    files: {
      'train.py': `import argparse
${bowl('None')}
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.3)
parser.add_argument("--width", type=int, default=4, help="hidden units")
parser.add_argument("--verbose", action="store_true")
args = parser.parse_args()
for epoch in range(3):
    print(f"epoch {epoch + 1}/3 train_loss={fit(args.lr, args.width) / 2:.4f} val_loss={fit(args.lr, args.width):.4f}")
`,
    },
    brief: ['train: python train.py', 'edit: [train.py]', 'metric: val_loss', 'goal: minimize'],
  },
  {
    title: 'a dataclass, and an accuracy in percent',
    files: {
      'main.py': `import dataclasses
${bowl('None')}
@dataclasses.dataclass
class Config:
    learning_rate: float = 0.3
    hidden_size: int = 4

if __name__ == "__main__":
    config = Config()
    print("Training with", config)
    print(f"Validation accuracy: {100 / fit(config.learning_rate, config.hidden_size):.2f}%")
`,
    },
    brief: ['train: python main.py', 'validation_accuracy', 'goal: maximize'],
  },
  {
    title: 'a configuration file',
    files: {
      'train.py': `import sys
${bowl('None')}
config = {}
for line in open(sys.argv[sys.argv.index("--config") + 1]):
    key, _, value = line.partition(":")
    config[key.strip()] = value.strip()
print("loss:", fit(float(config["learning_rate"]), int(config["width"])))
`,
      'configs/base.yaml': 'learning_rate: 0.3\nwidth: 4\n',
      'README.md': '# A model\n\n```bash\npython train.py --config configs/base.yaml\n```\n',
    },
    brief: ['train: python train.py --config configs/base.yaml', 'edit: [train.py, configs/base.yaml]', 'metric: loss'],
  },
  {
    title: 'arguments of a call',
    files: {
      'fit_model.py': `${bowl('None')}
class Ridge:
    def __init__(self, alpha=1.0, width=8):
        self.alpha, self.width = alpha, width
    def fit(self):
        return 1 / fit(self.alpha, self.width)

model = Ridge(alpha=0.5, width=4)
print("R2 score: %.4f" % model.fit())
`,
      Makefile: 'all:\n\tpython fit_model.py\n',
    },
    brief: ['train: python fit_model.py', 'goal: maximize'],
  },
  {
    title: 'the lines of Keras',
    files: {
      'run.py': `${bowl('None')}
LEARNING_RATE = 0.3
WIDTH = 4
for epoch in (1, 2):
    score = fit(LEARNING_RATE, WIDTH)
    print(f"Epoch {epoch}/2")
    print(f"5/5 - 0s - loss: {score / 2:.4f} - accuracy: 0.5 - val_loss: {score:.4f} - val_accuracy: {1 / score:.4f}")
`,
    },
    brief: ['train: python run.py', 'metric: val_loss'],
  },
  {
    title: 'a package beside the project, in one repository',
    folder: 'models/a',
    files: {
      'common/__init__.py': '',
      'common/bowl.py': bowl('None'),
      'web/app.js': 'start()\n',
      'models/a/train.py': `import sys
sys.path.append("../..")
from common.bowl import fit
LR = 0.3
WIDTH = 4
print("val_loss", fit(LR, WIDTH))
`,
    },
    brief: ['include: [../../common]', 'metric: val_loss'],
  },
  {
    title: 'data that git ignores',
    files: {
      '.gitignore': 'data/\n',
      'train.py': `${bowl('None')}
LR = 0.3
WIDTH = 4
with open("data/rows.txt") as file:
    rows = len(file.readlines())
print(f"{rows} rows, eval_loss = {fit(LR, WIDTH):.5f}")
`,
    },
    uncommitted: { 'data/rows.txt': '1\n2\n' },
    brief: ['link: [data]', 'metric: eval_loss'],
  },
  {
    title: 'data above its folder that git ignores, fetched where it is not there',
    files: {
      '.gitignore': 'data/\n',
      'mnist/main.py': `import os
${bowl('None')}
if not os.path.exists("../data/raw/points.csv"):
    raise OSError("urlopen error [Errno -2] Name or service not known")
points = open("../data/raw/points.csv").read().split()
lr = 0.3
width = len(points)
print(f"val_loss: {fit(lr, width):.4f}")
`,
    },
    uncommitted: { 'data/raw/points.csv': '1\n2\n3\n' },
    folder: 'mnist',
    brief: ['train: python main.py', 'link: [../data]'],
  },
  {
    title: 'a src layout that is not installed',
    files: {
      'README.md': 'Run `PYTHONPATH=src python -m pkg.train`.\n',
      'src/pkg/__init__.py': '',
      'src/pkg/bowl.py': bowl('None'),
      'src/pkg/train.py': `from .bowl import fit
LR = 0.3
WIDTH = 4

def main():
    print({"eval_loss": fit(LR, WIDTH)})

if __name__ == "__main__":
    main()
`,
    },
    brief: ['train: env PYTHONPATH=src python -m pkg.train', 'metric: eval_loss'],
  },
  {
    title: 'a script in a sub-folder that looks for its files beside itself',
    files: {
      'README.md': '# Several things\n',
      'docs/notes.md': 'notes\n',
      'ml/rows.csv': '1\n2\n',
      'ml/train.py': `${bowl('None')}
LR = 0.3
WIDTH = 4
rows = open("rows.csv").read().split()
print("test loss:", fit(LR, WIDTH))
`,
    },
    brief: ['sandbox: ml', 'train: python train.py', 'test_loss'],
  },
  {
    title: 'a script whose library is not there, beside one that runs',
    files: {
      'train.py': `import nocturne_has_no_such_package\n${bowl('None')}LR = 0.3\nprint("val_loss:", fit(LR, 4))\n`,
      'train_small.py': `${bowl('None')}LR = 0.3\nWIDTH = 4\nprint("val_loss:", fit(LR, WIDTH))\n`,
    },
    brief: ['train: python train_small.py', 'metric: val_loss'],
  },
  {
    title: 'a script in a folder that looks for its files from the top of the repository',
    folder: 'project',
    files: {
      'project/rows.csv': '1\n2\n',
      'project/train.py': `${bowl('None')}LR = 0.3\nWIDTH = 4\nrows = open("project/rows.csv").read()\nprint("val_loss:", fit(LR, WIDTH))\n`,
    },
    brief: ['sandbox: ..', 'train: python project/train.py', 'edit: [project/train.py]'],
  },
  {
    title: 'a seed of its own',
    files: {
      'train.py': `${bowl('42')}
LR = 0.3
WIDTH = 4
print("METRIC rmse=%r" % fit(LR, WIDTH))
`,
    },
    brief: ['metric: rmse', 'goal: minimize'],
  },
  {
    title: 'variables of the shell',
    files: {
      'train.py': `import os
${bowl('int(os.environ.get("NOCTURNE_SEED", "0"))')}
LR = 0.3
WIDTH = int(os.environ["MY_PROJECT_WIDTH"])
print("f1 =", 1 / fit(LR, WIDTH))
`,
    },
    brief: ['env: [MY_PROJECT_WIDTH]', 'metric: f1', 'goal: maximize'],
  },
];

/** It prints its score for ever. */
export const endlessScript = `import time
${bowl('None')}
LR = 0.3
WIDTH = 4
while True:
    print(f"val_loss: {fit(LR, WIDTH)}")
    time.sleep(0.1)
`;

export interface Stumbling {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** What is said, in its order. */
  readonly says: readonly string[];
}

/** Projects of which no brief can be made yet; each has one outcome. */
export const stumblingProjects: readonly Stumbling[] = [
  {
    title: 'a script that fails',
    files: { 'train.py': 'import math\nprint("begin")\nmath.log(-1)\n' },
    says: ['python train.py fails with exit code 1, run in a clean copy', '  begin', 'ValueError: ', 'Mend that, then'],
  },
  {
    title: 'a script that needs arguments',
    files: {
      'train.py':
        'import argparse\np = argparse.ArgumentParser()\np.add_argument("--data", required=True)\np.parse_args()\nprint("loss", 1.0)\n',
    },
    says: ['python train.py needs arguments', 'required: --data', 'nocturne init --train "python train.py …"'],
  },
  {
    title: "a README's command that fails otherwise than the bare script",
    files: {
      'README.md': 'Run `python train.py -c conf.json`.\n',
      'conf.json': '{"lr": 0.1}\n',
      'train.py':
        'import sys, json\nassert "-c" in sys.argv, "no configuration"\nlr = json.load(open(sys.argv[2]))["rate"]\nprint("loss:", lr)\n',
    },
    says: ['python train.py -c conf.json fails with exit code 1', "KeyError: 'rate'", 'started as README.md says'],
  },
  {
    title: 'a script that asks on the terminal',
    files: { 'train.py': 'name = input("dataset? ")\nprint("loss: 1.5")\n' },
    says: ['python train.py asks for input on the terminal', 'EOFError', 'A run has no terminal'],
  },
  {
    title: 'a script that prints no score',
    files: { 'train.py': 'lr = 0.1\nprint("saved the model")\n' },
    says: ['ended well and printed no number that looks like a score', 'saved the model', 'METRIC val_loss={val_loss}'],
  },
  {
    title: 'a script that prints nothing',
    files: { 'train.py': 'lr = 0.1\n' },
    says: ['it printed nothing', 'METRIC val_loss={val_loss}'],
  },
  {
    title: 'a package that the Python lacks',
    files: { 'train.py': 'import nocturne_has_no_such_package as torch\nlr = 0.1\nprint("loss", 1.0)\n' },
    says: ['needs the module nocturne_has_no_such_package', 'Install it into that Python'],
  },
  {
    title: 'a score of which the name says no direction',
    files: { 'train.py': 'lr = 0.1\nprint("score: 3.25")\n' },
    says: ['printed score = 3.25, and its name does not say which way is better', '--goal minimize'],
  },
  {
    title: 'no script at all',
    files: { 'app.js': 'listen()\n', 'style.css': 'p {}\n' },
    says: ['No training script was found', 'nocturne init --train "python my_script.py"', 'nocturne init --demo'],
  },
];
