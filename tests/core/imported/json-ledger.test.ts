import { describe, expect, it, test } from 'vitest';
import { readTextLedger } from '../../../src/core/imported/read-text.ts';

const read = (...values: readonly unknown[]) =>
  readTextLedger(
    values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n'),
    'log.jsonl',
  );
const scores = (rows: readonly { value: number | null; status: string }[]) =>
  rows.map(({ value, status }) => [value, status]);

describe('a log of pi-autoresearch', () => {
  const run = (number: number, metric: number, status?: string) => ({
    run: number,
    commit: `c${number}`,
    metric,
    metrics: { vram_gb: 12 },
    ...(status === undefined ? {} : { status }),
    description: `try ${number}`,
    segment: 0,
  });

  it('has its metric and its direction in a config line, which begins a segment', () => {
    const { format, parts, leftOut } = read(
      { type: 'config', name: 'speed', metricName: 'tok/s', metricUnit: '', bestDirection: 'higher' },
      run(1, 100, 'keep'),
      run(2, 0, 'crash'),
      { type: 'hook', stage: 'after' },
      run(3, 90, 'discard'),
      { type: 'config', name: 'loss', metricName: 'total', metricUnit: '' },
      run(4, 3.5),
      run(5, 3.1, 'checks_failed'),
    );
    expect(format).toBe('log of pi-autoresearch');
    expect(parts.map(({ name, metric, goal }) => [name, metric, goal])).toEqual([
      ['speed', 'tok/s', 'maximize'],
      ['loss', 'total', 'minimize'],
    ]);
    expect(scores(parts[0]?.rows ?? [])).toEqual([
      [100, 'keep'],
      [null, 'crash'],
      [90, 'discard'],
    ]);
    expect(scores(parts[1]?.rows ?? [])).toEqual([
      [3.5, 'keep'],
      [null, 'crash'],
    ]);
    expect(parts[0]?.rows[0]).toMatchObject({ line: 2, commit: 'c1', memoryGb: 12, description: 'try 1' });
    expect(leftOut).toMatchObject([{ line: 4, reason: 'neither a config nor a run' }]);
  });

  it('without a config says no direction', () => {
    const [part] = read(run(2, 1331, 'keep'), run(3, 1400, 'keep')).parts;
    expect(part).toMatchObject({ metric: 'metric', goal: undefined });
  });

  it('that has only begun names its metric', () => {
    const [part] = read({ type: 'config', metricName: 'test_runtime', bestDirection: 'lower' }).parts;
    expect(part).toMatchObject({ metric: 'test_runtime', goal: 'minimize', rows: [] });
  });

  it('may have lines that are broken', () => {
    expect(read(run(1, 1, 'keep'), '{"run":2,"met', run(3, 2, 'keep')).leftOut).toMatchObject([
      { line: 2, reason: 'no JSON object' },
    ]);
  });
});

describe('lines of JSON', () => {
  it('are rows by the names of their fields, however deep', () => {
    const [part] = read(
      { trial: 1, params: { lr: 0.1, depth: 4 }, results: { val_bpb: 1.42, wall_s: 500, status: 'success' } },
      { trial: 2, params: { lr: 0.2, depth: 4 }, results: { val_bpb: 1.41, wall_s: 500, status: 'failed' } },
    ).parts;
    expect(part?.metric).toBe('val_bpb');
    expect(scores(part?.rows ?? [])).toEqual([
      [1.42, 'other'],
      [null, 'crash'],
    ]);
    expect(part?.rows[0]?.fields).toMatchObject({ 'params.lr': '0.1' });
  });

  it('may decide with a flag, and name the metric of a value', () => {
    const { parts } = read(
      { iter: 0, change: 'baseline', bleu: 2.3, keep: true },
      { iter: 1, change: 'beams', bleu: 2.2, keep: false },
      { iter: 2, change: 'other test set', metric: 'overall_bleu', value: 21.8, keep: true },
    );
    expect(parts.map(({ metric, rows }) => [metric, scores(rows)])).toEqual([
      [
        'bleu',
        [
          [2.3, 'keep'],
          [2.2, 'discard'],
        ],
      ],
      ['overall_bleu', [[21.8, 'keep']]],
    ]);
  });

  it('may have fields that every object of JavaScript has', () => {
    const { parts } = read('{"__proto__":{"x":1},"val_acc":0.5,"status":"keep"}', {
      constructor: 'y',
      val_acc: 0.6,
      status: 'keep',
    });
    expect(scores(parts[0]?.rows ?? [])).toEqual([
      [0.5, 'keep'],
      [0.6, 'keep'],
    ]);
    expect(parts[0]?.rows[1]?.fields).toEqual({ constructor: 'y' });
  });

  it('may be a list, or a list in a document', () => {
    for (const document of [[{ val_acc: 0.5, status: 'keep' }], { experiments: [{ val_acc: 0.5, status: 'keep' }] }]) {
      expect(scores(read(JSON.stringify(document, null, 2)).parts[0]?.rows ?? [])).toEqual([[0.5, 'keep']]);
    }
  });
});

test('a journal of Optuna has a study with its direction, choices by their names and trials that failed', () => {
  const entry = (op_code: number, rest: object) => ({ op_code, worker_id: 'w', ...rest });
  const float = JSON.stringify({ name: 'FloatDistribution', attributes: { low: 0, high: 1 } });
  const choice = JSON.stringify({ name: 'CategoricalDistribution', attributes: { choices: ['sgd', 'adam'] } });
  const { format, unit, parts } = read(
    entry(0, { study_name: 'night', directions: [2] }),
    entry(4, { study_id: 0 }),
    entry(5, { trial_id: 0, param_name: 'lr', param_value_internal: 0.5, distribution: float }),
    entry(5, { trial_id: 0, param_name: 'optimizer', param_value_internal: 1, distribution: choice }),
    entry(6, { trial_id: 0, state: 1, values: [0.7] }),
    entry(4, { study_id: 0 }),
    entry(6, { trial_id: 1, state: 3, values: null }),
    entry(4, { study_id: 0 }),
    entry(0, { study_name: 'deleted', directions: [1] }),
    entry(1, { study_id: 1 }),
  );
  expect([format, unit]).toEqual(['Optuna journal', 'trial']);
  expect(parts).toHaveLength(1);
  expect(parts[0]).toMatchObject({ name: 'night', metric: 'value', goal: 'maximize' });
  expect(scores(parts[0]?.rows ?? [])).toEqual([
    [0.7, 'other'],
    [null, 'crash'],
  ]);
  expect(parts[0]?.rows[0]?.fields).toMatchObject({ 'params.lr': '0.5', 'params.optimizer': 'adam' });
});

test('a journal of AIDE has nodes, the buggy ones without a score', () => {
  const node = (value: number | null) => ({
    code: 'x',
    plan: 'Try it\nwell',
    id: 'abcdef123456',
    metric: { value, maximize: value === null ? null : false },
    is_buggy: value === null,
    exc_type: value === null ? 'ValueError' : null,
  });
  const [part] = read(
    JSON.stringify({ nodes: [node(null), node(0.4), node(0.3)], node2parent: {}, __version: '2' }),
  ).parts;
  expect(part).toMatchObject({ metric: 'metric', goal: 'minimize', hasDecisions: false });
  expect(scores(part?.rows ?? [])).toEqual([
    [null, 'crash'],
    [0.4, 'other'],
    [0.3, 'other'],
  ]);
  expect(part?.rows[1]).toMatchObject({ line: 2, description: 'Try it well' });
});

test('programs of OpenEvolve are maximised by their combined score, those with an error without one', () => {
  const program = (id: string, iteration_found: number, metrics: object) => ({
    id,
    code: 'x',
    iteration_found,
    metrics,
  });
  const [part] = read(
    JSON.stringify([program('b', 2, { combined_score: 0.2 }), program('a', 1, { combined_score: 0, error: -1 })]),
  ).parts;
  expect(part).toMatchObject({ metric: 'combined_score', goal: 'maximize' });
  expect(scores(part?.rows ?? [])).toEqual([
    [null, 'crash'],
    [0.2, 'other'],
  ]);
});

test.each(['FAILED', 'crash', 'OOM'])('a line without a number that says %s is a crash', (status) => {
  const line = (value: object) => JSON.stringify(value);
  const [part] = read(
    [
      line({ exp: 'a', metrics: { rmse: 1.2 }, status: 'KEPT', description: 'baseline' }),
      line({ exp: 'b', error: 'no memory', status, description: 'wide' }),
      line({ exp: 'c', metrics: { rmse: 1.1 }, status: 'KEPT', description: 'narrow' }),
    ].join('\n'),
  ).parts;
  expect(scores(part?.rows ?? [])).toEqual([
    [1.2, 'keep'],
    [null, 'crash'],
    [1.1, 'keep'],
  ]);
});
