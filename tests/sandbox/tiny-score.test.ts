/** The tiny sandbox's grade: one number, and the same on sixteen stretches of the text. */
import { cpSync } from 'node:fs';
import { resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { readMeasurement } from '../../src/core/run/measurement.ts';
import { fastFolder } from '../helpers/fast-folder.ts';

test('the score is the mean of its parts, on either split', async () => {
  const folder = fastFolder();
  cpSync(resolve('sandbox/tiny'), folder, {
    recursive: true,
    filter: (path) => !/(data|private|run|__pycache__)$/.test(path),
  });
  const python = (script: string, env = {}) => execa('python3', [script], { cwd: folder, env });
  await python('prepare.py');
  await python('train.py', { NOCTURNE_BUDGET_SECONDS: '0.05' });
  for (const split of ['validation', 'holdout']) {
    const { stdout: scoreLog } = await python('score.py', { NOCTURNE_SPLIT: split });
    const read = readMeasurement(
      { trainLog: '', scoreLog, metricsJson: undefined },
      { name: 'val_bpb', goal: 'minimize' },
    );
    const { value = 0, parts = [] } = read.kind === 'measured' ? read.measurement : {};
    expect(parts).toHaveLength(16);
    expect(parts.reduce((sum, part) => sum + part, 0) / parts.length).toBeCloseTo(value, 4);
  }
});
