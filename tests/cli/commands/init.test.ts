import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { packagePath } from '../../../src/adapters/package-root.ts';
import { nocturne } from '../../helpers/nocturne.ts';
import { smallProjects } from '../../helpers/small-projects.ts';
import { temporaryFolder, temporaryRepo } from '../../helpers/temporary-repo.ts';

test('a project for a GPU elsewhere has the large sandbox in its size', async () => {
  const folder = temporaryFolder();
  const { exitCode, stderr } = await nocturne(folder, ['init', 'night', '--gpu', 't4']);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('Tesla T4') });
  expect(readFileSync(join(folder, 'night/sandbox/gpt/train.py'), 'utf8')).toMatch(/^DEPTH = 5 /m);
  expect(readFileSync(join(folder, 'night/program.md'), 'utf8')).toContain('--seq-len 512');
});

test('a plain project has the tiny sandbox, and its brief names the folder', async () => {
  const folder = temporaryFolder();
  const { stdout } = await nocturne(folder, ['init', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ isCommitted: true, sandbox: 'tiny' });
  expect(readFileSync(join(folder, 'program.md'), 'utf8')).toContain('\nsandbox: sandbox/tiny\n');
  expect(JSON.parse(stdout).files).not.toContain('sandbox/tiny/program.md');
});

test('in a checkout of this program it has a repository of its own, in which a study can start', async () => {
  const checkout = mkdtempSync(packagePath('tests', 'init-'));
  onTestFinished(() => rmSync(checkout, { recursive: true }));
  const { stderr } = await nocturne(checkout, ['init', 'my-research']);
  expect(stderr).toContain('and committed them.\nNext: read program.md, then `cd my-research && nocturne run`.');
  const doctor = await nocturne(join(checkout, 'my-research'), ['doctor', '--quick']);
  expect(doctor.stdout).toMatch(/^git {8}ok/m);
});

test.each([
  [['--gpu', 'potato'], '--gpu must be auto or one of t4, l4, a100, h100, found `potato`.'],
  [['--sandbox', 'huge'], '--sandbox must be tiny or gpt, found `huge`.'],
  [['--sandbox', 'tiny', '--gpu', 't4'], '--gpu sizes the gpt sandbox, and --sandbox says tiny.'],
  [['--gpu', 'auto', '--python', '/bin/false'], '--python /bin/false is not a Python 3.8 or newer that runs.'],
])('nocturne init %j is refused in one sentence', async (args, sentence) => {
  const { exitCode, stderr, stdout } = await nocturne(temporaryFolder(), ['init', ...args]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(sentence);
});

test('a project with a training script gets a brief from one look at it, and no other file', async () => {
  const repo = temporaryRepo(project('argparse').files);
  const { exitCode, stdout, stderr } = await nocturne(repo.root, ['init', '--yes']);
  expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 0, stdout: '' });
  expect(stderr).toMatch(
    /^ {2}metric {3}val_loss, minimize\n[\s\S]*^ {2}edit {5}train\.py\n[\s\S]*^Next: nocturne run$/m,
  );
  expect(stderr.split('\n').filter((line) => line.length > 80)).toEqual([]);
  for (const line of project('argparse').brief) expect(repo.read('program.md')).toContain(line);
  expect(repo.git('status', '--porcelain')).toBe('?? program.md');
});

const printing = 'print("val_loss: 0.5")';
test.each([
  ["sh -c 'cp main.awk main && sh main'", 'main.awk', 'echo val_loss: 0.5'],
  ["sh -c 'cp *.c main && sh ./main'", 'main.c', 'echo val_loss: 0.5'],
  ["sh -c 'cd . ; python lab/fit.py'", 'lab/fit.py', printing],
])('the file that %s starts, or is made of, is the one to edit', async (train, file, text) => {
  const repo = temporaryRepo({ [file]: text });
  const { stderr } = await nocturne(repo.root, ['init', '--yes', '--train', train]);
  expect(stderr).toMatch(new RegExp(`^ {2}edit {5}${file}$`, 'm'));
});

const forGpus = `import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument("--device", default="cuda")
args = parser.parse_args()
assert args.device == "cpu", "Torch not compiled with CUDA enabled"
print("val_loss:", args.lr)
`;

test('a script that asks for a GPU is told to do without where there is none', async () => {
  const repo = temporaryRepo({ 'train.py': forGpus });
  const { exitCode, stderr } = await nocturne(repo.root, ['init', '--yes']);
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain('it asks for a GPU, and this machine has none that it can use: started with --device=cpu');
  expect(repo.read('program.md')).toMatch(/^train: python train\.py --device=cpu /m);
});

test('the command that a README has for machines without a GPU goes before', async () => {
  const repo = temporaryRepo({
    'train.py': forGpus.replace('args.lr)', 'args.lr, "small" if args.lr == 0.2 else "large")'),
    'README.md': '    python train.py\n\nWithout a GPU:\n\n    python train.py --lr=0.2 --device=cpu\n',
  });
  const { stderr } = await nocturne(repo.root, ['init', '--yes']);
  expect(repo.read('program.md'), stderr).toMatch(/^train: python train\.py --lr=0\.2 --device=cpu /m);
});

test('a configuration in Python that the command names is edited, and what it binds is searched there', async () => {
  const script = 'import sys\nlearning_rate = 0.1\nweight_decay = 0.01\nexec(open(sys.argv[1]).read())\n';
  const repo = temporaryRepo({
    'train.py': `${script}print("val_loss:", learning_rate + weight_decay)\n`,
    'config/small.py': 'learning_rate = 0.3\n',
  });
  await nocturne(repo.root, ['init', '--yes', '--train', 'python train.py config/small.py']);
  expect(repo.read('program.md')).toMatch(/^edit: \[train\.py, config\/small\.py\]/m);
  const { stdout } = await nocturne(repo.root, ['space']);
  expect(stdout).toMatch(/^learning_rate .*train\.py:2 .*config\/small\.py sets it$/m);
  expect(stdout).toMatch(/^learning_rate .*config\/small\.py:1 .* log /m);
});

const grouped = `import sys
try:
    import click
except ImportError:
    pass
class Program:
    def train(self, lr=0.1):
        raise RuntimeError("the corpus is empty")
if len(sys.argv) == 1:
    sys.exit(print("COMMANDS: train, sample"))
getattr(Program(), sys.argv[1])()
# fire.Fire(Program)
`;

const lengths = `import argparse, os
NUM_ROUNDS = 10
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument("--epochs", type=int, default=5)
args = parser.parse_args()
steps = int(os.environ.get("MAX_STEPS", "700"))
print("val_loss:", args.lr + 1 / (args.epochs * NUM_ROUNDS * steps))
`;

test.each([
  ['its own', { 'main.py': grouped }],
  ["a README's", { 'main.py': grouped.replace('# fire', '#'), 'README.md': '    python main.py train\n' }],
])('where a program only lists its commands, the failure of %s that trains is told', async (_, files) => {
  const repo = temporaryRepo(files);
  const { exitCode, stderr } = await nocturne(repo.root, ['init', '--yes']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('python main.py train fails with exit code 1');
  expect(stderr).toContain('RuntimeError: the corpus is empty');
});

test('how long a script of fixed work trains is left to the owner, since more of it buys a score', async () => {
  const repo = temporaryRepo({ 'train.py': lengths });
  const { stderr } = await nocturne(repo.root, ['init', '--yes']);
  expect(repo.read('program.md')).toContain("\nspace:\n  lr: 'log 0.0033..3'\nstop:");
  expect(stderr.replace(/\s+/g, ' ')).toContain('not searched: NUM_ROUNDS, epochs, MAX_STEPS, as more of it buys');
});

test('where nothing else is there to turn, how long it trains is searched, and what that is worth is said', async () => {
  const text = 'N_ESTIMATORS = 100\nMAX_EPOCHS = 30\nprint("val_loss:", 1 / N_ESTIMATORS + 1 / MAX_EPOCHS)\n';
  const repo = temporaryRepo({ 'train.py': text });
  const { stderr } = await nocturne(repo.root, ['init', '--yes']);
  expect(repo.read('program.md')).toMatch(
    /\nspace:\n {2}N_ESTIMATORS: 'int log 25..400'\n {2}MAX_EPOCHS: 'int [^']+'\nstop:/,
  );
  expect(stderr.replace(/\s+/g, ' ')).toContain('more of them buys a score with time: there is nothing else to turn');
});

test.each([
  ['reads its budget', 'budget = os.environ.get("NOCTURNE_BUDGET_SECONDS")'],
  ['ends by a clock', 'import time\nis_over = time.time() > float(os.environ.get("DEADLINE", "inf"))'],
])('how long a script trains that %s is searched', async (_, line) => {
  const repo = temporaryRepo({ 'train.py': `${lengths}${line}\n` });
  await nocturne(repo.root, ['init', '--yes']);
  expect(repo.read('program.md')).toContain("\n  epochs: 'int 2..10'\n");
});

test('a folder with other things than a training script is left alone', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'app.js'), 'listen()\n');
  const { exitCode, stderr } = await nocturne(folder, ['init', '--yes']);
  expect({ exitCode, left: readdirSync(folder) }).toEqual({ exitCode: 2, left: ['app.js'] });
  expect(stderr).toContain(`No training script was found in ${folder}.\nSay how it trains:`);
});

test('an empty folder gets the demo sandbox, which is said', async () => {
  const { stderr } = await nocturne(temporaryFolder(), ['init']);
  expect(stderr).toContain('There is no project here yet, so this is the demo sandbox (--demo).\nMade ');
});

function project(title: string) {
  const found = smallProjects.find((each) => each.title === title);
  if (found === undefined) throw new Error(`there is no project ${title}`);
  return found;
}
