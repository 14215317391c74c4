/** Real trackers, in the Python that NOCTURNE_TEST_TRACKERS names: mlflow, tensorboard, trackio and wandb. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packagePath } from '../../src/adapters/package-root.ts';
import { startMlflow, startWay } from '../helpers/mlflow-server.ts';
import { nocturne, startNocturne } from '../helpers/nocturne.ts';
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

  test('MLflow has every experiment once, wherever the export was killed', async () => {
    const { root } = study();
    const mlflow = await startMlflow(python);
    const exportTo = (uri: string) => ['export', '--to', 'mlflow', '--uri', uri, '--project', 'quick'];
    // Requests of a whole export: two for the experiment, then five for each of four runs, the baseline without a diff.
    for (const [number, when] of [
      [2, 'after'],
      [4, 'after'],
      [5, 'after'],
      [12, 'before'],
    ] as const) {
      let kill = () => {};
      const way = await startWay(mlflow.url, async (at, moment) => {
        if (at === number && moment === when) kill();
      });
      // The place is remembered by its address: each of these begins anew.
      const killed = startNocturne(root, exportTo(way));
      kill = () => killed.kill('SIGKILL');
      expect((await killed.end).signal).toBe('SIGKILL');
    }
    const said = await nocturne(root, [...exportTo(mlflow.url), '--json']);
    expect(JSON.parse(said.stdout), said.stderr).toMatchObject({ sent: [0, 1, 2, 3] });
    expect(JSON.parse((await nocturne(root, [...exportTo(mlflow.url), '--json'])).stdout)).toMatchObject({ sent: [] });

    const { experiment } = await mlflow.get('experiments/get-by-name', { experiment_name: 'quick/night' });
    const { runs } = await mlflow.post('runs/search', { experiment_ids: [experiment.experiment_id] });
    const rows = (await nocturne(root, ['log', '--json'])).stdout.split('\n').map((line) => JSON.parse(line));
    const numberOf = (run: { data: { tags: { key: string; value: string }[] } }) =>
      Number(run.data.tags.find(({ key }) => key === 'nocturne.experiment')?.value);
    expect(runs.map(numberOf).sort()).toEqual([0, 1, 2, 3]);
    for (const run of runs) {
      const row = rows[numberOf(run)];
      const metrics = Object.fromEntries(
        run.data.metrics.map(({ key, value }: { key: string; value: number }) => [key, value]),
      );
      expect(metrics).toMatchObject({ loss: row.metric, ...(row.gain !== null && { gain: row.gain }) });
      expect(run.info.status).toBe('FINISHED');
      expect(run.data.params.length).toBeGreaterThan(0);
      const { run_id } = run.info;
      const history = await mlflow.get('metrics/get-history', { run_id, metric_key: 'runs/loss' });
      expect(history.metrics).toHaveLength(numberOf(run) === 0 ? 3 : 1);
      const artifacts = await mlflow.get('artifacts/list', { run_id });
      expect((artifacts.files ?? []).map(({ path }: { path: string }) => path)).toEqual(
        numberOf(run) === 0 ? [] : ['patch.diff'],
      );
    }
  });
});
