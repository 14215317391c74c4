import { describe, expect, it, test } from 'vitest';
import type { LedgerPart } from '../../../src/core/imported/ledger.ts';
import { goalOfLedger } from '../../../src/core/imported/ledger-goal.ts';
import { readTextLedger } from '../../../src/core/imported/read-text.ts';

const read = (...lines: readonly string[]) => readTextLedger(`${lines.join('\n')}\n`, 'results.tsv');
const header = 'commit\tval_bpb\tmemory_gb\tstatus\tdescription';
const baseline = 'aaaaaaa\t0.997900\t44.0\tkeep\tbaseline';
const scores = ({ rows }: LedgerPart) => rows.map(({ value, status }) => [value, status]);
const onlyPart = (...lines: readonly string[]) => {
  const { parts } = read(...lines);
  expect(parts).toHaveLength(1);
  return parts[0] ?? { name: '', metric: '', goal: undefined, rows: [], hasDecisions: false };
};

describe('the rows of a ledger', () => {
  it('are its experiments, with the lines that they stand on', () => {
    const { metric, rows } = onlyPart(header, baseline, 'bbbbbbb\t0.986041\t43.9\tdiscard\thalve batch');
    expect(metric).toBe('val_bpb');
    expect(rows[1]).toMatchObject({
      line: 3,
      commit: 'bbbbbbb',
      value: 0.986041,
      memoryGb: 43.9,
      status: 'discard',
      description: 'halve batch',
    });
  });

  it.each([
    ['zeros', 'ccccccc\t0.000000\t0.0\tcrash\tassert'],
    ['nan', 'ccccccc\tnan\t0.0\tcrash\tassert'],
    ['nothing', 'ccccccc\t\t\tcrash\tassert'],
    ['words', 'ccccccc\tOOM\tn/a\tCRASH\tassert'],
    ['a score that was printed before the crash', 'ccccccc\t1.2\t44\tcrash (OOM)\tassert'],
  ])('have no score where a crash has %s', (_, row) => {
    expect(onlyPart(header, baseline, row, 'd\t0.9\t44\tkeep\tx').rows[1]).toMatchObject({
      value: null,
      status: 'crash',
    });
  });

  it('have no score where a row without memory and time has a zero', () => {
    const part = onlyPart(header, baseline, 'b\t0.000000\t0.0\tdiscard\taborted', 'c\t0.99\t44.0\tdiscard\tx');
    expect(scores(part)).toEqual([
      [0.9979, 'keep'],
      [null, 'discard'],
      [0.99, 'discard'],
    ]);
  });

  it.each(['1e400', '1,234', 'nan', 'inf', '0x10', '--', 'TBD'])('have no score where the cell is %s', (cell) => {
    expect(onlyPart(header, baseline, `b\t${cell}\t1\tdiscard\tx`).rows[1]?.value).toBeNull();
  });

  it.each([
    ['97.5%', 97.5],
    ['**0.91**', 0.91],
    ['`0.91`', 0.91],
    ['0.91 ± 0.02', 0.91],
    ['\u22120.5', -0.5],
    ['9.5e-05', 9.5e-5],
  ])('have the number in %s', (cell, value) => {
    expect(onlyPart('commit\tval_acc\tstatus', `a\t${cell}\tkeep`, 'b\t1\tkeep').rows[0]?.value).toBe(value);
  });

  it('without one of their columns are lined up by their status', () => {
    expect(onlyPart(header, baseline, 'b\t0.98\tdiscard\tx y').rows[1]).toMatchObject({
      value: 0.98,
      status: 'discard',
    });
  });

  it.each([
    ['at the end', header, 'b\t0.98\t44\tdiscard\tone\ttwo\tthree', 'one two three'],
    ['in the middle', 'exp\tdescription\tval_bpb\tstatus', 'b\tone\ttwo\t0.98\tdiscard', 'one two'],
  ])('with tabs in a description %s keep it whole', (_, head, row, description) => {
    const first = head === header ? baseline : 'a\tbaseline\t1\tkeep';
    expect(onlyPart(head, first, row).rows[1]).toMatchObject({ value: 0.98, status: 'discard', description });
  });

  it('show nothing that a terminal or a page obeys', () => {
    const { rows } = onlyPart(header, `a\`b\t1\t1\tkeep\t\u001b[2J\u202ered\u0007 ${'x'.repeat(1000)}`);
    expect(rows[0]?.description).toMatch(/^red x{495}…$/);
    expect(rows[0]?.commit).toBe('ab');
  });
});

describe('what is no experiment', () => {
  it('is left out with its line and the reason', () => {
    const { parts, leftOut } = read(
      '# night of 3 March',
      header,
      baseline,
      'Traceback (most recent call last):',
      'b\t\t\trunning\tin flight',
      '\t\t\t\tlater',
      '// paused',
      'c\t0.98\t44\tkeep\tx',
    );
    expect(parts[0]?.rows.map(({ line }) => line)).toEqual([3, 8]);
    expect(leftOut).toEqual([
      { line: 1, reason: 'a comment', text: '# night of 3 March' },
      { line: 4, reason: 'not a row: 1 of 5 columns', text: 'Traceback (most recent call last):' },
      { line: 5, reason: 'not finished: its status is "running"', text: 'b running in flight' },
      { line: 6, reason: 'neither a score nor a status', text: 'later' },
      { line: 7, reason: 'a comment', text: '// paused' },
    ]);
  });

  it('is no reason to guess: an unknown status is told and decides nothing', () => {
    const { parts, notes } = read(header, baseline, 'b\t0.5\t44\tstale_fix\tx', 'c\t0.5\t44\tstale_fix\tx');
    expect(parts[0]?.rows.map(({ status }) => status)).toEqual(['keep', 'other', 'other']);
    expect(notes).toEqual(['The status `stale_fix` is not known (line 3, 4): read as neither kept nor discarded.']);
  });
});

describe('the columns of a ledger', () => {
  it.each([
    [
      'more columns than autoresearch has',
      'commit\tkind\tval_bpb\tdelta_vs_best\tmemory_gb\tstatus\thypothesis\tdescription',
      'a\tlr\t0.96\t0.00\t29.9\tkeep\th\tx',
      'val_bpb',
    ],
    ['fewer', 'commit\tval_rmse\tstatus', 'a\t32.6\tkeep', 'val_rmse'],
    [
      'settings, times and ids before the score',
      'timestamp\texp_id\tseed\tlr\tsteps\ttok_sec\tval_loss\tdecision\tnotes',
      '2026-01-01\t1\t2\t0.1\t300\t9000\t1.5\taccepted\tx',
      'val_loss',
    ],
    ['a speed alone', 'id\ttok_s\tvram_mb\tn_ctx\tstatus\tnotes', '1\t6.5\t6900\t512\tkeep\tx', 'tok_s'],
    [
      'a derived column before the score',
      'experiment\tdelta\tbaseline_score\tscore\tkept\tnote',
      'a\t0\t1\t2\t1\tx',
      'score',
    ],
    [
      'a name that says nothing, beside the commit',
      'commit\tnba_core\tgw_acc\tstatus\tdescription',
      'a\t0.22\t0.65\tkeep\tx',
      'nba_core',
    ],
    [
      'a metric that is named in another column',
      'iteration\tmetric_name\tmetric_value\tdecision',
      '0\tmAP\t0.5\tkeep',
      'mAP',
    ],
  ])('are found by their names: %s', (_, head, row, metric) => {
    const part = onlyPart(head, row, row.replace(/^\S+/, 'z'));
    expect(part.metric).toBe(metric);
    expect(part.rows[0]).toMatchObject({ status: 'keep' });
    expect(part.rows[0]?.value).not.toBeNull();
  });

  it.each([
    ['timestamp\tcommit\ttps\tmemory_gib\tstatus\tdescription', 'tps'],
    [header, 'val_bpb'],
  ])('are named by a header without rows', (head, metric) => {
    expect(onlyPart(head)).toMatchObject({ metric, rows: [] });
  });

  it('hold the score although most runs, or all, ended without a number', () => {
    const part = onlyPart(
      'commit\tval_acc\tstatus',
      'a\tnan\tdiscard',
      'b\tnan\tdiscard',
      'c\t0.5\tkeep',
      'd\tinf\tdiscard',
    );
    expect(scores(part)).toEqual([
      [null, 'discard'],
      [null, 'discard'],
      [0.5, 'keep'],
      [null, 'discard'],
    ]);
    expect(scores(onlyPart('commit\tval_acc\tstatus', 'a\tnan\tcrash'))).toEqual([[null, 'crash']]);
  });

  it('that the decisions follow hold the score, where the likeliest name does not', () => {
    const { metric } = onlyPart(
      'commit\tformat_pass_rate\texact_match_rate\tstatus\tdescription',
      'a\t99.5\t65\tkeep\tx',
      'b\t99.2\t76\tkeep\tx',
      'c\t99.5\t65\tdiscard\tx',
      'd\t99.4\t74\tdiscard\tx',
      'e\t99.0\t51\tdiscard\tx',
    );
    expect(metric).toBe('exact_match_rate');
  });

  it('without a header are told apart by what they hold', () => {
    const { parts, notes } = read(
      'HEAD\tmodel-4bit\t397.0\t3.30\tkeep\t"the first" try',
      'HEAD\tmodel-4bit\t397.0\t3.10\tdiscard\tslower than before',
      'c222a4f\tmodel-4bit\t397.0\t4.36\tkeep\tfused kernel',
      'c222a4f\tmodel-4bit\t397.0\t3.55\tdiscard\tcompressed experts',
    );
    expect(parts[0]).toMatchObject({ metric: 'column 4' });
    expect(parts[0]?.rows.map(({ value }) => value)).toEqual([3.3, 3.1, 4.36, 3.55]);
    expect(parts[0]?.rows[0]).toMatchObject({ line: 1, status: 'keep', description: '"the first" try' });
    expect(notes[0]).toMatch('The file has no header');
  });

  describe('without a header', () => {
    const rows = ['a1b2c3d,0.912,keep,start', 'b1b2c3d,0.933,keep,wider', 'c1b2c3d,0.905,discard,deeper'];
    const text = `${rows.join('\n')}\n`;
    const named = (metric?: string) => readTextLedger(text, 'r.csv', metric);

    it('ask for what their scores are', () => {
      expect(named().parts[0]?.metric).toBe('column 2');
      expect(named().notes).toContain(
        'Its scores are taken from column 2: `--metric val_bpb`, with their own name, says what they are.',
      );
    });

    it.each(['val_acc', 'F1', 'Test Accuracy'])('have the name that is asked for: %s', (metric) => {
      const { parts, notes } = named(metric);
      expect(parts[0]?.metric).toBe(metric);
      expect(notes.join()).not.toContain('column 2:');
      expect(goalOfLedger(parts, undefined, 'r.csv').goal).toBe('maximize');
      expect(parts[0]?.rows.map(({ value }) => value)).toEqual([0.912, 0.933, 0.905]);
    });

    it('say of a direction that nothing tells how to give it', () => {
      const { parts } = readTextLedger('a1b2c3d,0.9,x1\nb1b2c3d,0.8,x2\nc1b2c3d,0.95,x3\n', 'r.csv');
      expect(() => goalOfLedger(parts, undefined, 'r.csv')).toThrow(
        expect.objectContaining({
          message: expect.stringContaining('nothing says which way `column 2` is better'),
          hint: expect.stringContaining('or what the scores are: `--metric val_bpb`'),
        }),
      );
    });
  });

  it('have their scores in the column that is asked for, and no other name', () => {
    const text = 'id,val_loss,val_acc,status\n1,0.5,0.8,keep\n2,0.4,0.9,keep\n';
    expect(readTextLedger(text, 'r.csv').parts[0]?.metric).toBe('val_loss');
    const { parts } = readTextLedger(text, 'r.csv', 'Val Acc');
    expect(parts[0]?.rows.map(({ value }) => value)).toEqual([0.8, 0.9]);
    expect(() => readTextLedger(text, 'r.csv', 'bleu')).toThrow(
      'r.csv has no column `bleu`; it has `id`, `val_loss`, `val_acc`, `status`.',
    );
  });

  it('without one of scores are an error that names them', () => {
    expect(() => read('id\tstatus\tidea', 'rope-24\tpending\tRoPE base')).toThrow(
      'results.tsv: expected a ledger of experiments with a column of scores, found 3 columns (`id`, `status`, `idea`) and none of scores.',
    );
    expect(() => read('')).toThrow('found an empty file');
    expect(() => read('Dear diary,', 'today nothing happened.')).toThrow('expected a ledger');
  });
});

test.each([
  [
    'commas and quotes',
    'commit,val_acc,status,description',
    'a,0.5,keep,"one, ""two""',
    'and three"',
    'b,0.6,discard,x',
  ],
  [
    'semicolons and decimal commas',
    'commit;val_acc;status;description',
    'a;0,5;keep;"one, ""two""',
    'and three"',
    'b;0,6;discard;x',
  ],
  [
    'tabs and quotes',
    'commit\tval_acc\tstatus\tdescription',
    'a\t0.5\tkeep\t"one, ""two""',
    'and three"',
    'b\t0.6\tdiscard\tx',
  ],
])('a ledger separated by %s is read, line breaks in cells and all', (_, ...lines) => {
  const part = onlyPart(...lines);
  expect(scores(part)).toEqual([
    [0.5, 'keep'],
    [0.6, 'discard'],
  ]);
  expect(part.rows[0]?.description).toBe('one, "two" and three');
  expect(part.rows[1]?.line).toBe(4);
});

test.each([
  ['bars', 'commit | val_acc | status | description', 'a | 0.5 | keep | one', 'b | 0.6 | discard | x'],
  [
    'blanks',
    'commit    val_acc   status    description',
    'a         0.5       keep      one',
    'b         0.6       discard   x',
  ],
  ['Windows line ends', '\ufeffcommit\tval_acc\tstatus\tdescription\r', 'a\t0.5\tkeep\tone\r', 'b\t0.6\tdiscard\tx\r'],
])('a ledger with %s is read', (_, ...lines) => {
  expect(scores(onlyPart(...lines))).toEqual([
    [0.5, 'keep'],
    [0.6, 'discard'],
  ]);
});

test('the table of a Markdown document is read, and its prose is left out', () => {
  const { parts, leftOut } = read(
    '# Results',
    '',
    'We tried **two** things.',
    '',
    '| Commit | Val Loss (↓) | Status | What |',
    '|:---|---:|---|---|',
    '| `a1b2c3d` | **1.50** | ✅ keep | baseline \\| plain |',
    '| `b1b2c3d` | 1.40 | ❌ discard (noise) | wider |',
  );
  expect(parts[0]).toMatchObject({ metric: 'Val Loss (↓)' });
  expect(scores(parts[0] ?? onlyPart())).toEqual([
    [1.5, 'keep'],
    [1.4, 'discard'],
  ]);
  expect(parts[0]?.rows[0]).toMatchObject({ line: 7, commit: 'a1b2c3d', description: 'baseline | plain' });
  expect(leftOut.map(({ line }) => line)).toEqual([1, 3]);
});

test('a quote that is never closed swallows no row', () => {
  const part = onlyPart(
    header,
    'a\t1\t1\tkeep\t"the best',
    'b\t0.9\t1\tkeep\t"E" removed',
    'c\t0.8\t1\tkeep\tends so"',
  );
  expect(part.rows.map(({ value }) => value)).toEqual([1, 0.9, 0.8]);
});

describe('a second baseline opens a study of its own', () => {
  it.each([
    ['by its status', 'c\t0.95\t44\tbaseline\tnew GPU'],
    ['by its words, where it did not improve', 'c\t0.95\t44\tkeep\tbaseline on the new GPU'],
    ['by its words, where it is worse than all kept before it', 'c\t1.20\t44\tkeep\tbaseline on the new GPU'],
    ['by its words, anew and worse', 'c\t1.01\t44\tkeep\tnew baseline: larger validation set'],
  ])('%s', (_, row) => {
    const { parts } = read(header, baseline, 'b\t0.90\t44\tkeep\tx', row, 'd\t0.94\t44\tkeep\ty');
    expect(parts.map(({ rows }) => rows.map(({ line }) => line))).toEqual([
      [2, 3],
      [4, 5],
    ]);
  });

  it('as does a second header', () => {
    const { parts } = read(header, baseline, 'commit\tval_acc\tstatus', 'b\t0.5\tkeep', header, 'c\t0.9\t1\tkeep\tx');
    expect(parts.map(({ metric, rows }) => [metric, rows.length])).toEqual([
      ['val_bpb', 1],
      ['val_acc', 1],
      ['val_bpb', 1],
    ]);
  });

  it('but not one beside the first, nor an experiment on it', () => {
    const { parts } = read(
      header,
      'a\t1.0\t44\tbaseline\tsmall',
      'b\t0.9\t44\tbaseline\tlarge',
      'c\t0.8\t44\tkeep\tbaseline + warmup',
      'd\t0.7\t44\tkeep\tbaseline with a cosine',
    );
    expect(parts).toHaveLength(1);
  });
});

test('rows that stand newest first, as trackers export them, are turned round', () => {
  const { parts, notes } = read(
    '"Name","State","Created","Runtime","lr","val_acc"',
    '"c","finished","2026-03-03T10:00:00.000Z","60","0.3","0.7"',
    '"b","crashed","2026-03-02T10:00:00.000Z","60","0.2",""',
    '"a","finished","2026-03-01T10:00:00.000Z","60","0.1","0.5"',
  );
  expect(parts[0]?.rows.map(({ description, value }) => [description, value])).toEqual([
    ['a', 0.5],
    ['b', null],
    ['c', 0.7],
  ]);
  expect(parts[0]?.rows[2]?.fields).toMatchObject({ lr: '0.3' });
  expect(notes[0]).toBe('The rows stand newest first by `Created`; they are read oldest first.');
});

test('a ledger of more than 20,000 rows says which are not read', () => {
  const rows = Array.from({ length: 20_002 }, (_, index) => `c${index}\t${index}\t1\tdiscard\tx`);
  const { parts, notes } = read(header, ...rows);
  expect(parts[0]?.rows).toHaveLength(20_000);
  expect(notes).toEqual(['Only the first 20000 rows are read: those from line 20002 on are not.']);
});
