/** Real trackers, in the Python that NOCTURNE_TEST_TRACKERS names: mlflow, tensorboard, trackio and wandb. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packagePath } from '../../src/adapters/package-root.ts';
import { nocturne } from '../helpers/nocturne.ts';
import { templateStudy } from '../helpers/template-study.ts';

const python = process.env.NOCTURNE_TEST_TRACKERS ?? '';
const study = templateStudy('--tag', 'night', '--max-experiments', '3');

describe.skipIf(python === '')('with the trackers that NOCTURNE_TEST_TRACKERS has', () => {
  test('TensorBoard reads the scores, the curves and the knobs', async () => {
    const { root } = study();
    const variables = { NOCTURNE_TEST_SECONDS: '0.3' };
    await nocturne(root, ['run', '--tag', 'night', '--max-experiments', '4'], variables);
    const said = await nocturne(root, ['export', '--to', 'tensorboard', '--out', 'board']);
    expect(said.exitCode, said.stderr).toBe(0);
    const script = packagePath('tests', 'fixtures', 'read_events.py');
    const seen = JSON.parse(execFileSync(python, [script, join(root, 'board')], { encoding: 'utf8' }));
    const rows = (await nocturne(root, ['log', '--json'])).stdout.split('\n').map((line) => JSON.parse(line));
    for (const { experiment, metric, gain } of rows) {
      const { scalars, status } = seen[String(experiment).padStart(4, '0')];
      expect(scalars.loss).toEqual([[experiment, Math.fround(metric)]]);
      expect(scalars.gain ?? [[experiment, 0]]).toEqual([[experiment, Math.fround(gain ?? 0)]]);
      expect(status).toBe(1);
    }
    expect(seen['0004'].scalars['train/loss'].length).toBeGreaterThan(1);
    expect(Object.keys(seen['0001'].hparams).length).toBeGreaterThan(0);
  });
});
