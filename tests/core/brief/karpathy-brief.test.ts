import { expect, test } from 'vitest';
import { karpathyBrief } from '../../../src/core/brief/karpathy-brief.ts';

const folder = {
  programText: '# autoresearch\n',
  trainText: 'print(f"val_bpb: {val_bpb:.6f}")',
  prepareText: 'MAX_SEQ_LEN = 2048\nTIME_BUDGET = 300        # training time budget in seconds\n',
  files: { pyproject: false, uv: false },
};

test('a folder of prose and train.py minimises val_bpb', () => {
  expect(karpathyBrief(folder)).toMatchObject({
    prose: '# autoresearch',
    form: 'karpathy',
    sandbox: '.',
    edit: ['train.py'],
    metric: { name: 'val_bpb', goal: 'minimize' },
    train: ['python', 'train.py'],
    budgetSeconds: 300,
    timeoutSeconds: 720,
  });
});

test.each([
  ['TIME_BUDGET = 300', 300],
  ['TIME_BUDGET = 5 * 60  # five minutes', 300],
  ['TIME_BUDGET: int = 1_200', 1200],
  ['TIME_BUDGET = 60*2 + 30.5', 150.5],
  ['if TIME_BUDGET == 3: pass', 300],
  ['', 300],
])('%j is a budget of %d s', (prepareText, budgetSeconds) => {
  expect(karpathyBrief({ ...folder, prepareText }).budgetSeconds).toBe(budgetSeconds);
});

test('no prepare.py is a budget of five minutes', () => {
  expect(karpathyBrief({ ...folder, prepareText: undefined }).budgetSeconds).toBe(300);
});

test.each([
  ['TIME_BUDGET = int(os.environ["T"])', '`int(os.environ["T"])`'],
  ['TIME_BUDGET = 0', '`0`'],
  ['TIME_BUDGET =', 'nothing'],
])('%j is an error, not a guess', (line, found) => {
  expect(() => karpathyBrief({ ...folder, prepareText: `import os\n${line}` })).toThrow(
    `prepare.py line 2: \`TIME_BUDGET\` must be seconds such as 300 or 5 * 60, found ${found}`,
  );
});

test.each([
  [{ pyproject: true, uv: true, venvPython: '/p/.venv/bin/python' }, undefined, ['python', 'train.py']],
  [{ pyproject: true, uv: true }, ['uv', 'sync'], ['.venv/bin/python', 'train.py']],
  [{ pyproject: true, uv: false }, undefined, ['python', 'train.py']],
  [{ pyproject: false, uv: true }, undefined, ['python', 'train.py']],
])('%j trains with its own python', (files, prepare, train) => {
  const brief = karpathyBrief({ ...folder, files });
  expect([brief.prepare, brief.train]).toEqual([prepare, train]);
});

test('a train.py that knows no val_bpb is an error', () => {
  expect(() => karpathyBrief({ ...folder, trainText: 'print("acc: 1")' })).toThrow(
    'train.py must print `val_bpb` when program.md has no front matter, found no such name in it',
  );
});
