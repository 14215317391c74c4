/** Real trackers, in the Python that NOCTURNE_TEST_TRACKERS names: mlflow, tensorboard, trackio and wandb. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { packagePath } from '../../src/adapters/package-root.ts';
import { startMlflow, startWay } from '../helpers/mlflow-server.ts';
import { nocturne, project, startNocturne } from '../helpers/nocturne.ts';
import { templateStudy } from '../helpers/template-study.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';
import { until } from '../helpers/until.ts';
import { startWandb } from '../helpers/wandb-server.ts';

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

  const packages = { PYTHONPATH: '', NOCTURNE_TEST_GATE: undefined };

  test('offline runs of Weights & Biases are what `wandb sync` takes, each once after a kill', async () => {
    const { root } = study();
    const toWandb = ['export', '--to', 'wandb', '--project', 'quick', '--json'];
    const cache = linkedCache('wandb');
    const killed = startNocturne(root, toWandb, { ...packages, ...cache });
    await until(() => isRemembered(join(root, 'runs/night/export-wandb.jsonl')));
    killed.kill('SIGKILL');
    await killed.end;
    const said = await nocturne(root, toWandb, { ...packages, ...cache });
    const { sent, before } = JSON.parse(said.stdout);
    expect([...sent, ...before].sort(), said.stderr).toEqual([0, 1, 2, 3]);
    expect(before.length).toBeGreaterThan(0);

    const wandb = await startWandb();
    const folder = join(root, 'runs/night/wandb');
    const folders = readdirSync(folder).filter((name) => name.startsWith('offline-run-'));
    expect(folders).toHaveLength(4);
    const { PATH = '' } = process.env;
    const env = { PATH, HOME: temporaryFolder(), WANDB_BASE_URL: wandb.url, WANDB_API_KEY: 'a'.repeat(40) };
    const paths = folders.map((name) => join(folder, name));
    const synced = await execa(join(dirname(python), 'wandb'), ['sync', ...paths], {
      cwd: root,
      env,
      extendEnv: false,
      all: true,
      reject: false,
    });
    expect(synced.exitCode, synced.all).toBe(0);
    const rows = (await nocturne(root, ['log', '--json'])).stdout.split('\n').map((line) => JSON.parse(line));
    const runs = [...wandb.runs].sort(([a], [b]) => a.localeCompare(b));
    expect(runs.map(([id]) => id.split('-')[1])).toEqual(['0', '1', '2', '3']);
    for (const [index, [, run]] of runs.entries()) {
      expect(run.displayName).toBe(`night ${index} ${rows[index].title}`);
      expect(run.summary).toMatchObject({ loss: rows[index].metric });
      expect(Object.keys(run.config)).toContain('nocturne');
      expect(run.history.filter((row) => 'runs/loss' in row)).toHaveLength(index === 0 ? 3 : 1);
      expect(run.files.has('patch.diff')).toBe(index > 0);
    }
  });

  test('a study that is killed while it runs is in all of them, each experiment once, after the next start', async () => {
    const mlflow = await startMlflow(python);
    const { root } = project('quick');
    const places = `{ mlflow: "${mlflow.url}", tensorboard: board, wandb: synced, trackio: quick }`;
    const brief = join(root, 'program.md');
    writeFileSync(brief, readFileSync(brief, 'utf8').replace('---\n', `---\ntrackers: ${places}\n`));
    const cache = linkedCache('wandb', 'trackio');
    const variables = { ...packages, ...cache, TRACKIO_DIR: join(root, 'trackio'), NOCTURNE_TEST_SECONDS: '1' };
    const run = ['run', '--tag', 'night', '--max-experiments', '5'];
    const killed = startNocturne(root, run, variables);
    await until(() =>
      ['wandb', 'trackio'].every((name) => isRemembered(join(root, `runs/night/export-${name}.jsonl`))),
    );
    killed.kill('SIGKILL');
    await killed.end;
    const said = await nocturne(root, run, variables, 200_000);
    expect(said.exitCode, said.stderr).toBe(0);
    expect(said.stderr).not.toContain('lacks a part');

    const numbers = [0, 1, 2, 3, 4, 5];
    const { experiments } = await mlflow.post('experiments/search', { max_results: 10 });
    const ids = experiments.map(({ experiment_id }: { experiment_id: string }) => experiment_id);
    const { runs } = await mlflow.post('runs/search', { experiment_ids: ids });
    const tagOf = (run: { data: { tags: { key: string; value: string }[] } }) =>
      Number(run.data.tags.find(({ key }) => key === 'nocturne.experiment')?.value);
    expect(runs.map(tagOf).sort()).toEqual(numbers);
    expect(readdirSync(join(root, 'board/night'))).toHaveLength(6);
    const folders = readdirSync(join(root, 'synced/night')).filter((name) => name.startsWith('offline-run-'));
    expect(folders.map((name) => name.split('-').at(-2)).sort()).toEqual(numbers.map(String));
    expect(await trackioRuns(root)).toEqual(numbers.map(String));
  });

  test('trackio has every experiment once after a kill', async () => {
    const { root } = study();
    const variables = { ...packages, ...linkedCache('trackio'), TRACKIO_DIR: join(root, 'trackio') };
    const toTrackio = ['export', '--to', 'trackio', '--project', 'quick', '--json'];
    const killed = startNocturne(root, toTrackio, variables);
    await until(() => isRemembered(join(root, 'runs/night/export-trackio.jsonl')));
    killed.kill('SIGKILL');
    await killed.end;
    // What was forgotten is sent again, in the place of what is there.
    rmSync(join(root, 'runs/night/export-trackio.jsonl'));
    const said = await nocturne(root, toTrackio, variables);
    expect(said.exitCode, said.stderr).toBe(0);
    expect(JSON.parse(said.stdout), said.stderr).toMatchObject({ sent: [0, 1, 2, 3] });
    expect(await trackioRuns(root)).toEqual(['0', '1', '2', '3']);
  });
});

/** The numbers of the experiments that trackio has of the project. */
async function trackioRuns(root: string): Promise<string[]> {
  const read = 'import json, trackio; print(json.dumps(sorted(run.name for run in trackio.Api().runs("quick"))))';
  const env = { PATH: process.env.PATH ?? '', HOME: root, TRACKIO_DIR: join(root, 'trackio') };
  const { stdout } = await execa(python, ['-c', read], { env, extendEnv: false });
  return JSON.parse(stdout).map((name: string) => name.split(' ')[1]);
}

/** Whether the file has a whole line. */
function isRemembered(path: string): boolean {
  return existsSync(path) && readFileSync(path, 'utf8').includes('\n');
}

/** A cache folder in which the tool's environment for each of these packages is the Python that the test was given. */
function linkedCache(...names: readonly string[]): { XDG_CACHE_HOME: string } {
  const cache = temporaryFolder();
  mkdirSync(join(cache, 'nocturne', 'projects'), { recursive: true });
  for (const name of names)
    symlinkSync(dirname(dirname(python)), join(cache, 'nocturne', 'projects', `tracker-${name}`));
  return { XDG_CACHE_HOME: cache };
}
