import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BriefError } from '../../../src/core/base/errors.ts';
import { karpathyBrief } from '../../../src/core/brief/karpathy-brief.ts';
import { parseBrief } from '../../../src/core/brief/parse-brief.ts';

const goalOf = (settings: string, prose = '') =>
  parseBrief(`---\n${settings}\n---\n${prose}\n`, 'program.md').metric.goal;

function troubleOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof BriefError) return `${error.message} | ${error.hint}`;
    throw error;
  }
  return 'no error';
}

const askedFor = (name: string) =>
  `program.md line 2: the name \`${name}\` does not say which way is better, so the brief needs a \`goal:\` | Add a line \`goal: minimize\` (lower is better) or \`goal: maximize\` (higher is better).`;

const lines = readFileSync(join(import.meta.dirname, '../../fixtures/metric-names.tsv'), 'utf8')
  .trim()
  .split('\n');

describe('a brief with a metric of the 141 ledgers', () => {
  test.each(lines.slice(3).map((line) => line.split('\t')))(
    '%s is never taken the wrong way, with and without a goal',
    (name = '', lower, higher) => {
      const truths = [...(lower === '0' ? [] : ['minimize']), ...(higher === '0' ? [] : ['maximize'])];
      const [truth] = truths.length === 1 ? truths : [];
      for (const goal of ['minimize', 'maximize']) expect(goalOf(`metric: ${name}\ngoal: ${goal}`)).toBe(goal);
      const settings = `metric: ${name}`;
      const trouble = troubleOf(() => goalOf(settings));
      if (trouble === 'no error') expect(goalOf(settings)).toBe(truth);
      else expect(trouble).toBe(askedFor(name));
    },
  );
});

test.each(['acc_loss', 'm', 'objective'])('a goal is asked for beside %s', (name) => {
  expect(troubleOf(() => goalOf(`metric: ${name}`))).toBe(askedFor(name));
});

test('a goal that is asked for is offered as the prose has it', () => {
  expect(troubleOf(() => goalOf('metric: score', 'Get the highest score.'))).toContain(
    '| Add a line `goal: maximize`, if the prose means that (`Get the highest score`).',
  );
});

describe('prose that says the opposite is an error', () => {
  test.each([
    [
      'metric: val_loss',
      'Train.\n\nMaximize val_loss.',
      'program.md line 6: the prose says `Maximize val_loss`, but the name',
    ],
    [
      'metric: val_auc\ngoal: minimize',
      'Get the highest val_auc.',
      'but the brief has `goal: minimize` | Write `goal: maximize`',
    ],
    [
      'metric: val_auc',
      'The metric is `val_auc` (lower is better).',
      'says `lower is better`, but the name `val_auc` means',
    ],
    [
      'metric: score # higher is better\ngoal: minimize',
      '',
      'program.md line 2: the comment says `higher is better`, but',
    ],
    [
      'metric: { name: x, pattern: "x=(.*)" }\ngoal: maximize # lower is better',
      '',
      'the comment says `lower is better`',
    ],
    ['metric: reward\r\ngoal: minimize', '\r\n\r\nText.\r\nHigher is better.', 'program.md line 8: the prose says'],
  ])('%j with %j', (settings, prose, trouble) => {
    expect(troubleOf(() => goalOf(settings, prose))).toContain(trouble);
  });

  test('in a folder without front matter too', () => {
    const folder = { name: 'night', texts: { 'train.py': 'val_bpb' }, files: { pyproject: false, uv: false } };
    expect(troubleOf(() => karpathyBrief({ ...folder, programText: 'Get the highest val_bpb.' }))).toBe(
      'program.md: the prose says `Get the highest val_bpb`, but the name `val_bpb` means `goal: minimize` | Write `goal: maximize` if the prose is right, else correct the prose.',
    );
  });
});

test('prose that says both ways contradicts nothing', () => {
  expect(goalOf('metric: val_loss', 'Lower is better for val_loss. The adversary should maximize val_loss.')).toBe(
    'minimize',
  );
});

test.each(['program.md', 'sandbox/tiny/program.md'])('the prose of %s agrees with its goal', (path) => {
  const text = readFileSync(join(import.meta.dirname, '../../..', path), 'utf8');
  expect(parseBrief(text, path).metric).toEqual({ name: 'val_bpb', goal: 'minimize' });
});
