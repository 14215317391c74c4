import { describe, expect, it } from 'vitest';
import type { Metric } from '../../../src/core/base/metric.ts';
import { type RunText, readMeasurement } from '../../../src/core/run/measurement.ts';

const metric: Metric = { name: 'val_bpb', goal: 'minimize' };

function read(text: Partial<RunText>, asked: Metric = metric) {
  return readMeasurement({ trainLog: '', scoreLog: undefined, metricsJson: undefined, ...text }, asked);
}

/** The value that is read, or the reason why there is none. */
function readValue(text: Partial<RunText>, asked?: Metric): number | string {
  const reading = read(text, asked);
  return reading.kind === 'measured' ? reading.measurement.value : reading.reason;
}

const elsewhere = 'the last block behind a line --- has no val_bpb, an earlier one has';

describe('a self-reported metric', () => {
  it.each([
    ['a block', '---\nval_bpb: 1.5\n'],
    ['a block without a newline at the end', '---\nval_bpb:1.5'],
    ['a block with Windows line ends', 'step 1\r\n---\r\nval_bpb: 1.5\r\n'],
    ['a block behind progress that ends in carriage returns', 'step 1\rstep 2\r---\nval_bpb: 1.5\n'],
    ['a block with blank lines and other keys', '---\n\nloss: 2\n\nval_bpb:   1.5  \nnum_steps: 10\n'],
    ['the last of two blocks', '---\nval_bpb: 9\n---\nval_bpb: 1.5\n'],
    ['a block that a second rule closes', '---\nval_bpb: 1.5\n---\n'],
    ['a block with a farewell behind it', '---\nval_bpb: 1.5\nAll done, good bye.\nval_bpb: 1.50\n'],
    ['a METRIC line', 'METRIC val_bpb=1.5\n'],
    ['the last METRIC line', 'METRIC val_bpb=9\nMETRIC val_bpb=1.5\nMETRIC other=3\n'],
    ['a METRIC line, when the last block has another metric', 'METRIC val_bpb=1.5\n---\nloss: 3\n'],
    ['a line with an equals sign', 'step 9\r  val_bpb = 1.5\n'],
    ['a line outside a block', 'val_bpb: 1.5\n'],
    ['a line behind a rule that is not alone on its line', '--- summary\nval_bpb: 1.5\n'],
  ])('is read from %s', (_, trainLog) => {
    expect(readValue({ trainLog })).toBe(1.5);
  });

  it.each([
    ['silence', '', 'the log ends without val_bpb'],
    ['a block without it', '---\nloss: 1\n', 'the log ends without val_bpb'],
    ['an earlier block only', '---\nval_bpb: 1\nbye bye\n---\nloss: 1\n', elsewhere],
    ['a longer name', 'val_bpb_ema: 1.5\n', 'the log ends without val_bpb; it has val_bpb_ema'],
    ['an empty value', '---\nval_bpb:\n', 'val_bpb is not a finite number: ""'],
    ['nan', '---\nval_bpb: nan\n', 'val_bpb is not a finite number: "nan"'],
    ['inf', '---\nval_bpb: -inf\n', 'val_bpb is not a finite number: "-inf"'],
    ['a decimal comma', '---\nval_bpb: 0,99\n', 'val_bpb is not a finite number: "0,99"'],
    ['two points', '---\nval_bpb: 0.99.9\n', 'val_bpb is not a finite number: "0.99.9"'],
    ['a number that overflows', '---\nval_bpb: 1e400\n', 'val_bpb is not a finite number: "1e400"'],
    ['a number that underflows', '---\nval_bpb: 1e-400\n', 'val_bpb is not a finite number: "1e-400"'],
    ['a number that only a bug prints', '---\nval_bpb: 1e100\n', 'val_bpb is not a finite number: "1e100"'],
    ['two values in one block', '---\nval_bpb: 9\nval_bpb: 1.5\n', 'val_bpb is printed 2 times in one block'],
    ['an empty METRIC line', 'METRIC val_bpb=\n', 'val_bpb is printed without a number: "METRIC val_bpb="'],
    ['a value with its unit', '---\nval_bpb: 1.5 bits\n', 'val_bpb is not a finite number: "1.5 bits"'],
  ])('is not made out of %s', (_, trainLog, reason) => {
    expect(readValue({ trainLog })).toBe(reason);
  });

  it('a zero is a score, and minus zero the same one', () => {
    expect(readValue({ trainLog: '---\nval_bpb: 0.0\n' })).toBe(0);
    expect(Object.is(readValue({ trainLog: '---\nval_bpb: -0.0\n' }), 0)).toBe(true);
  });

  it('a doubtful value in the last block is not replaced by an earlier good one', () => {
    expect(readValue({ trainLog: '---\nval_bpb: 1.5\nend here\n---\nval_bpb: nan\n' })).toContain(
      'not a finite number',
    );
  });

  it.each(['acc@1', 'F1/macro', 'top-1%', '准确率', 'eval.loss'])('a metric may be named %s', (name) => {
    expect(readValue({ trainLog: `---\n${name}: 0.5\n` }, { name, goal: 'maximize' })).toBe(0.5);
    expect(readValue({ trainLog: `METRIC ${name}=0.5\n` }, { name, goal: 'maximize' })).toBe(0.5);
  });

  it('vouches for itself', () => {
    expect(read({ trainLog: '---\nval_bpb: 1.50\n' })).toMatchObject({
      measurement: { vouched: 'self-reported', resolution: 0.01 },
    });
  });
});

describe('metrics.json', () => {
  it.each([
    ['{"val_bpb": 1.5}', 1.5, 0.1],
    ['{"val_bpb": 2.10, "loss": 3}', 2.1, 0.01],
    ['{\n  "val_bpb" : 2.0\n}', 2, 0.1],
    ['{"val_bpb": -1.5e-3}', -0.0015, 0.0001],
  ])('%s is read with the digits that it prints', (metricsJson, value, resolution) => {
    const reading = read({ metricsJson });
    expect(reading).toMatchObject({ kind: 'measured', measurement: { value } });
    if (reading.kind === 'measured') expect(reading.measurement.resolution).toBeCloseTo(resolution, 12);
  });

  it.each([
    ['{}', 'metrics.json has no val_bpb, and the log ends without val_bpb'],
    ['', 'metrics.json is not whole JSON, so it has no val_bpb'],
    ['not json', 'metrics.json is not whole JSON, so it has no val_bpb'],
    ['[1.5]', 'metrics.json has no val_bpb, and the log ends without val_bpb'],
    ['null', 'metrics.json has no val_bpb, and the log ends without val_bpb'],
    ['{"val_bpb": NaN}', 'val_bpb is not a finite number: "NaN"'],
    ['{"val_bpb": "1.5"}', 'val_bpb in metrics.json is not a number'],
    ['{"val_bpb": null}', 'val_bpb in metrics.json is not a number'],
    ['{"val_bpb": true}', 'val_bpb in metrics.json is not a number'],
    ['{"val_bpb": []}', 'val_bpb in metrics.json is an empty list'],
    ['{"val_bpb": [1.5, NaN]}', 'val_bpb is not a finite number: "NaN"'],
    ['{"val_bpb": 9, "val_bpb": 1.5}', 'metrics.json names val_bpb twice'],
    ['{"val_bpb": 1e400}', 'val_bpb is not a finite number: "1e400"'],
    ['{"val_bpb": 1e-400}', 'val_bpb is not a finite number: "1e-400"'],
    ['{"val_bpb": 1e100}', 'val_bpb is not a finite number: "1e100"'],
  ])('%s is no score', (metricsJson, reason) => {
    expect(readValue({ metricsJson })).toBe(reason);
  });

  it('outranks the log, even when it is broken', () => {
    const trainLog = '---\nval_bpb: 1.5\n';
    expect(readValue({ trainLog, metricsJson: '{"val_bpb": 1.4999}' })).toBe(1.4999);
    expect(readValue({ trainLog, metricsJson: '{' })).toBe('metrics.json is not whole JSON, so it has no val_bpb');
  });
});

describe("the brief's pattern", () => {
  const acc: Metric = { name: 'acc', goal: 'maximize', pattern: 'acc=([\\d.]+)' };

  it('takes its last match', () => {
    expect(readValue({ trainLog: 'acc=0.1\nacc=0.2 acc=0.3\nbye\n' }, acc)).toBe(0.3);
  });

  it('is asked last', () => {
    expect(readValue({ trainLog: 'epoch 1: acc=0.1\n---\nacc: 0.7\n' }, acc)).toBe(0.7);
    expect(readValue({ trainLog: 'METRIC acc=0.6\nepoch 2: acc=0.1\n' }, acc)).toBe(0.6);
  });

  it('says when nothing matches', () => {
    expect(readValue({ trainLog: 'acc: 0.1' }, acc)).toBe('nothing in the log matches acc=([\\d.]+)');
  });

  it('is as strict as all else', () => {
    expect(readValue({ trainLog: 'acc=0.9.9' }, acc)).toBe('acc is not a finite number: "0.9.9"');
  });
});

describe('a scored metric', () => {
  it('is read from the scorer alone', () => {
    const texts = { trainLog: '---\nval_bpb: 0.1\n', metricsJson: '{"val_bpb": 0.2}' };
    expect(read({ ...texts, scoreLog: '---\nval_bpb: 1.5\n' })).toMatchObject({
      measurement: { value: 1.5, vouched: 'scored' },
    });
    expect(readValue({ ...texts, scoreLog: '' })).toBe('the scorer printed no val_bpb');
    expect(readValue({ ...texts, scoreLog: 'METRIC val_bpb=1\n' })).toBe(1);
    expect(readValue({ ...texts, scoreLog: 'METRIC val_bpb=1\nMETRIC val_bpb=2\n' })).toBe(
      'the scorer printed val_bpb 2 times, and not in one block behind a line ---',
    );
  });

  it('is scored apart where the scorer asked the code in a cage, never without a scorer', () => {
    const scoreLog = '---\nval_bpb: 1.5\n';
    expect(read({ scoreLog, isScoredApart: true })).toMatchObject({ measurement: { vouched: 'scored-apart' } });
    expect(read({ scoreLog, isScoredApart: false })).toMatchObject({ measurement: { vouched: 'scored' } });
    expect(read({ trainLog: scoreLog, isScoredApart: true })).toMatchObject({
      measurement: { vouched: 'self-reported' },
    });
  });

  it('is doubtful when the scorer prints two blocks with it', () => {
    const scoreLog = '---\nval_bpb: 0.1\n---\nval_bpb: 1.5\n';
    expect(readValue({ scoreLog })).toBe('the scorer printed 2 blocks with val_bpb');
  });

  it('may stand beside a block without it', () => {
    expect(readValue({ scoreLog: '---\nloss: 1\nend of it\n---\nval_bpb: 1.5\n' })).toBe(1.5);
  });
});

describe('the other metrics', () => {
  it('come from the training, with a scorer or without', () => {
    const trainLog = '---\nval_bpb: 0.1\npeak_vram_mb: 512.5\nnum_steps: 10\nbroken: nan\nname: tiny\n';
    const reading = read({ trainLog, scoreLog: '---\nval_bpb: 1.5\n' });
    expect(reading).toMatchObject({ measurement: { metrics: { peak_memory_mb: 512.5, num_steps: 10 } } });
  });

  it('leave out what is printed twice and what is not finite', () => {
    const reading = read({ trainLog: '---\nval_bpb: 1\ntwice: 1\ntwice: 2\n', metricsJson: undefined });
    expect(reading).toMatchObject({ measurement: { metrics: {} } });
  });

  it('may come from metrics.json', () => {
    const reading = read({ metricsJson: '{"val_bpb": 1.5, "steps": 7, "text": "x", "huge": 1e999}' });
    expect(reading).toMatchObject({ kind: 'measured' });
    if (reading.kind === 'measured') expect(reading.measurement.metrics).toEqual({ steps: 7 });
  });
});

describe('the parts of a scored metric', () => {
  const partsOf = (scoreLog: string) => {
    const reading = read({ scoreLog });
    return reading.kind === 'measured' ? reading.measurement.parts : reading.reason;
  };

  it('are read from the block of the metric, beside its value', () => {
    expect(partsOf('---\nval_bpb: 1.5\nval_bpb_parts: 1.25 1.75  1.5\n')).toEqual([1.25, 1.75, 1.5]);
  });

  it.each([
    ['there is no such line', '---\nval_bpb: 1.5\n'],
    ['the line is empty', '---\nval_bpb: 1.5\nval_bpb_parts:\n'],
    ['one of them is not a number', '---\nval_bpb: 1.5\nval_bpb_parts: 1.25 nan\n'],
    ['they are printed twice', '---\nval_bpb: 1.5\nval_bpb_parts: 1 2\nval_bpb_parts: 1 2\n'],
    ['there are very many', `---\nval_bpb: 1.5\nval_bpb_parts: ${'1 '.repeat(257)}\n`],
  ])('are left out where %s, and the score stands', (_, scoreLog) => {
    expect(partsOf(scoreLog)).toBeUndefined();
  });

  it('are of no use without a scorer', () => {
    const reading = read({ trainLog: '---\nval_bpb: 1.5\nval_bpb_parts: 1 2\n' });
    expect(reading.kind === 'measured' && reading.measurement).not.toHaveProperty('parts');
  });
});
