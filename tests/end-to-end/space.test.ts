import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nocturne } from '../helpers/nocturne.ts';
import { temporaryRepo } from '../helpers/temporary-repo.ts';

const train = `OPTIMIZER = "sgd"  # space: choice sgd, adam
MOMENTUM = 0.9      # share kept; space: 0..0.99 if OPTIMIZER == sgd
LEARNING_RATE: float = 0.1
SEED = 1
`;
const brief = '---\nmetric: loss # lower is better\nspace: { LEARNING_RATE: log 0.01..1 }\n---\nProse.\n';

it('nocturne space shows every knob with its range and where that is from', async () => {
  const { root } = temporaryRepo({ 'program.md': brief, 'train.py': train });
  const { stdout, exitCode } = await nocturne(root, ['space']);
  expect(exitCode).toBe(0);
  expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['knob', 'where', 'value', 'range', 'from'],
    ['OPTIMIZER', 'train.py:1', '"sgd"', 'choice sgd, adam', 'annotation'],
    ['MOMENTUM', 'train.py:2', '0.9', 'float 0..0.99 if OPTIMIZER == sgd', 'annotation'],
    ['LEARNING_RATE', 'train.py:3', '0.1', 'log 0.01..1', 'brief'],
    ['SEED', 'train.py:4', '1', 'not searched: SEED names no part of the method'],
  ]);
});

it('nocturne space shows the form of knobs, and values inside the code with --all', async () => {
  const flags = ['lr', 'gamma', 'dropout', 'momentum'].map((name) => `p.add_argument("--${name}", default=0.1)\n`);
  const script = `from torch.nn import Dropout\n${flags.join('')}layer = Dropout(0.2)\n`;
  const brief = '---\nmetric: loss\ntrain: python train.py --gamma 1\n---\nProse.\n';
  const { root } = temporaryRepo({ 'program.md': brief, 'train.py': script });
  const plain = await nocturne(root, ['space']);
  expect(plain.stdout).not.toContain('Dropout.p');
  expect(plain.stderr).toContain('1 more value stands inside the code');
  const { stdout } = await nocturne(root, ['space', '--all']);
  const rows = stdout.split('\n').map((line) => line.split(/ {2,}/));
  expect(rows[0]).toEqual(['knob', 'form', 'where', 'value', 'range', 'from']);
  expect(rows.slice(1).map(([name, form]) => [name, form])).toEqual([
    ['lr', 'flag'],
    ['gamma', 'flag'],
    ['dropout', 'flag'],
    ['momentum', 'flag'],
    ['Dropout.p', 'argument'],
  ]);
  expect(stdout).toContain('not searched: `train:` sets it');
  expect(stdout).toContain('not searched: the interface of the script is searched instead');
});

it('nocturne space tells what the script demands of its knobs together, constants of fixed files included', async () => {
  const script =
    'from prepare import LENGTH\nTOTAL_BATCH = 2**14\nDEVICE_BATCH = 16\nassert TOTAL_BATCH % (DEVICE_BATCH * LENGTH) == 0\n';
  const files = { 'program.md': '---\nmetric: loss\n---\nProse.\n', 'prepare.py': 'LENGTH = 512\n' };
  const { root } = temporaryRepo({ ...files, 'train.py': script });
  const check = 'assert TOTAL_BATCH % (DEVICE_BATCH * LENGTH) == 0';
  expect((await nocturne(root, ['space'])).stderr).toContain(
    `Draws keep to what the script demands of its knobs: \`${check}\` (train.py:4).`,
  );
  const { constraints } = JSON.parse((await nocturne(root, ['space', '--json'])).stdout);
  expect(constraints).toEqual([{ text: check, file: 'train.py', line: 4 }]);
});

it('how long a script of fixed work trains is no range, and is not written into the brief', async () => {
  const script = 'EPOCHS = 10\nLR = 0.1\n';
  const given = '---\nmetric: loss\n---\nProse.\n';
  const fixed = temporaryRepo({ 'program.md': given, 'train.py': script });
  expect((await nocturne(fixed.root, ['space', '--write'])).stdout).toMatch(
    /EPOCHS .*not searched: it sets how long the script trains/,
  );
  expect(fixed.read('program.md')).toMatch(/LR: /);
  expect(fixed.read('program.md')).not.toContain('EPOCHS');
  const timed = temporaryRepo({ 'program.md': given, 'train.py': `${script}TIME_BUDGET = 60\n` });
  expect((await nocturne(timed.root, ['space'])).stdout).toMatch(/EPOCHS .*int/);
});

it('nocturne space --write adds what the brief lacks, once', async () => {
  const { root } = temporaryRepo({ 'program.md': brief, 'train.py': train });
  const { stdout, stderr } = await nocturne(root, ['space', '--write', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ written: ['OPTIMIZER', 'MOMENTUM'] });
  expect(stderr).toContain('Wrote OPTIMIZER, MOMENTUM into ');
  const after = readFileSync(join(root, 'program.md'), 'utf8');
  expect(after).toBe(
    brief.replace(
      'log 0.01..1 }',
      'log 0.01..1, OPTIMIZER: "choice sgd, adam", MOMENTUM: "float 0..0.99 if OPTIMIZER == sgd" }',
    ),
  );
  const again = await nocturne(root, ['space', '--write']);
  expect(again.stderr).toContain('has every range already');
  expect(readFileSync(join(root, 'program.md'), 'utf8')).toBe(after);
});

it('nocturne space --write says what the brief cannot hold', async () => {
  const files = {
    'program.md': '---\nmetric: loss\nedit: [a.py, b.py]\n---\nProse.\n',
    'a.py': 'LR = 0.1\n',
    'b.py': 'LR = 0.5\n',
  };
  const { stderr } = await nocturne(temporaryRepo(files).root, ['space', '--write']);
  expect(stderr).toBe('Not written: LR, which several files have with different ranges.');
});

it.each([
  [
    'a slip in a comment',
    { 'train.py': 'LR = 0.1  # space: log 1..2\n' },
    'train.py: the range in the comment of `LR` must be a range that contains the current value',
  ],
  [
    'a circle',
    { 'train.py': 'A = 1  # space: 1..2 if B > 1\nB = 1  # space: 1..2 if A > 1\n' },
    'must not depend on itself: A if B if A',
  ],
  [
    'a brief without front matter',
    { 'program.md': 'Prose.\n', 'train.py': 'LR = 0.1\nprint("val_bpb: 1")\n' },
    'must be a brief with front matter for ranges to be written into it',
  ],
])('%s is one clear error with exit code 2', async (_, files, sentence) => {
  const { root } = temporaryRepo({ 'program.md': brief.replace(/space.*\n/, ''), ...files });
  const { exitCode, stderr } = await nocturne(root, ['space', '--write']);
  expect(stderr).toContain(sentence);
  expect(exitCode).toBe(2);
});

it('importance looks at a study, and says so where there is none', async () => {
  const { root } = temporaryRepo({ 'program.md': brief, 'train.py': train });
  const { stderr, exitCode } = await nocturne(root, ['space', '--importance']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('There is no study in ');
  expect((await nocturne(root, ['space', '--importance', '--write'])).stderr).toContain('goes without `--write`');
});
