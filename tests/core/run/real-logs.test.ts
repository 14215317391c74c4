import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readMeasurement } from '../../../src/core/run/measurement.ts';

/** A log that the library itself has printed, colours, bars and all. */
function logOf(library: string): string {
  return readFileSync(new URL(`../../fixtures/logs/${library}.log`, import.meta.url), 'utf8');
}

function read(trainLog: string, name: string): number | string {
  const reading = readMeasurement(
    { trainLog, scoreLog: undefined, metricsJson: undefined },
    { name, goal: 'minimize' },
  );
  return reading.kind === 'measured' ? reading.measurement.value : reading.reason;
}

describe('what a library prints is read', () => {
  it.each([
    ['xgboost', 'validation-logloss', 0.3633],
    ['xgboost', 'test-logloss', 0.28478],
    ['lightgbm', 'l2', 0.174876],
    ['lightgbm', 'valid_0-l2', 0.174876],
    ['catboost', 'test', 0.3802655],
    ['catboost', 'bestTest', 0.3802654546],
    ['keras', 'val_loss', 0.7744],
    ['keras', 'val_accuracy', 0.3889],
    ['lightning', 'val_loss', 1.140787124633789],
    ['trainer', 'eval_loss', 0.6930277347564697],
    ['trainer', 'train_loss', 0.6935],
    ['trainer', 'loss', 0.6936],
    ['scikit-learn', 'val_loss', 0.15000000000000002],
    ['scikit-learn', 'accuracy', 0.75],
    ['scikit-learn', 'loss', 0.69062641],
    ['torch', 'val_loss', 2.309999942779541],
    ['jax', 'val_loss', 0.5],
    ['fastprogress', 'valid_loss', 0.54],
    ['rich', 'val_loss', 0.5426],
    ['logging', 'val_loss', 0.5426],
  ])('%s: %s', (library, name, value) => {
    expect(read(logOf(library), name)).toBe(value);
  });

  it.each([
    ['xgboost', 'logloss', 'the log ends without logloss; it has train-logloss, validation-logloss, test-logloss'],
    ['scikit-learn', 'precision', 'precision is a column of a table with several rows: 0, 1'],
    ['trainer', 'eval_runtime_seconds', 'the log ends without eval_runtime_seconds'],
  ])('%s: %s is refused where it is ambiguous or another name', (library, name, reason) => {
    expect(read(logOf(library), name)).toBe(reason);
  });

  it('not where the last epoch diverged', () => {
    const diverged = logOf('keras').replaceAll('val_loss: 0.7744', 'val_loss: nan');
    expect(read(diverged, 'val_loss')).toBe('val_loss is not a finite number: "nan"');
    const dict = logOf('trainer').replace("{'eval_loss': 0.6930277347564697", "{'eval_loss': nan");
    expect(read(dict, 'eval_loss')).toBe('eval_loss is not a finite number: "nan"');
    expect(read(logOf('xgboost').replace('test-logloss:0.28478', 'test-logloss:nan'), 'test-logloss')).toContain(
      'nan+',
    );
  });
});
