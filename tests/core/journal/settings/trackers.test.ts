import { expect, test } from 'vitest';
import type { Brief } from '../../../../src/core/brief/brief.ts';
import { parseBrief } from '../../../../src/core/brief/parse-brief.ts';

const parse = (...settings: readonly string[]): Brief =>
  parseBrief(['---', 'metric: loss', ...settings, '---'].join('\n'), 'program.md');

test('trackers are a list of names, or a table with the place of each', () => {
  expect(parse().trackers).toEqual({});
  expect(parse('trackers: [tensorboard, csv, csv]').trackers).toEqual({ tensorboard: '', csv: '' });
  const table = 'trackers: { mlflow: "http://127.0.0.1:5000", tensorboard: logs/board, wandb: true, trackio: }';
  expect(parse(table).trackers).toEqual({
    mlflow: 'http://127.0.0.1:5000',
    tensorboard: 'logs/board',
    wandb: '',
    trackio: '',
  });
});

test.each([
  ['trackers: [mlflo]', /`trackers` must be trackers: csv, tensorboard, mlflow, wandb or trackio, found `mlflo`/],
  ['trackers: mlflow', /`trackers` must be trackers such as \[tensorboard, csv\] or \{ mlflow: /],
  ['trackers: { mlflow: localhost }', /`trackers` must be the address of a server for `mlflow`, .* found `localhost`/],
  ['trackers: { csv: 7 }', /`trackers` must be a folder for `csv`, found `7`/],
  ['trackers: ["http://127.0.0.1:5000"]', /`trackers` must be trackers: .*, found `an address`/],
])('%s is refused', (line, sentence) => {
  expect(() => parse(line)).toThrow(sentence);
});

test('a password in an address is refused, and not repeated', () => {
  const line = 'trackers: { mlflow: "http://me:s3cr3t@127.0.0.1:5000" }';
  expect(() => parse(line)).toThrow(/without a password, found `one with a password`/);
  expect(() => parse(line)).not.toThrow(/s3cr3t/);
});
