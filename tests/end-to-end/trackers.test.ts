/** A study that is sent to trackers while it runs. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createGate } from '../helpers/gate.ts';
import { type MlflowStandIn, startMlflowStandIn } from '../helpers/mlflow-stand-in.ts';
import { settle } from '../helpers/model-study.ts';
import { entriesOf, journalOf, nocturne, project, startNocturne } from '../helpers/nocturne.ts';
import { templateStudy } from '../helpers/template-study.ts';
import type { TemporaryRepo } from '../helpers/temporary-repo.ts';
import { until } from '../helpers/until.ts';

const run = (experiments: number) => ['run', '--tag', 'night', '--plain', '--max-experiments', String(experiments)];
const secret = 's3cr3t-of-the-owner';

/** The `quick` project that sends its studies to this server and to two folders; its script has a key beside a knob. */
function trackedProject({ url }: Pick<MlflowStandIn, 'url'>): TemporaryRepo {
  const repo = project('quick');
  settle(repo, `trackers: { mlflow: "${url}", tensorboard: board, csv: }`);
  const script = readFileSync(join(repo.root, 'train.py'), 'utf8');
  repo.write('train.py', script.replace('LEARNING_RATE = ', `API_KEY = "${secret}"\nLEARNING_RATE = `));
  repo.commit('a key');
  return repo;
}

/** What `status` says of the trackers, as data and as lines; neither has a secret or an address. */
async function trackersOf(root: string) {
  const [json, text] = await Promise.all([nocturne(root, ['status', '--json']), nocturne(root, ['status'])]);
  expect(`${json.stdout}${text.stdout}`).not.toMatch(new RegExp(`${secret}|hunter2`));
  return { trackers: JSON.parse(json.stdout).trackers, text: text.stdout };
}

const numbersOf = ({ runs }: MlflowStandIn) => runs.map(({ tags }) => Number(tags.get('nocturne.experiment'))).sort();

/** Every byte below a folder, as text. */
function textBelow(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join('\n');
}

test('each experiment is sent once while the study runs, without a secret, and the end says where it is', async () => {
  const server = await startMlflowStandIn();
  const { root } = trackedProject(server);
  const gate = createGate(4);
  const password = { MLFLOW_TRACKING_USERNAME: 'me', MLFLOW_TRACKING_PASSWORD: 'hunter2-hunter2' };
  const study = startNocturne(root, run(3), { ...gate.variables, ...password });
  // The baseline and the first experiment are there while the second one trains.
  await until(() => server.runs.some(({ status }) => status === 'FINISHED'));
  gate.open();
  const said = await study.end;
  expect(said.exitCode, said.stderr).toBe(0);
  expect(numbersOf(server)).toEqual([0, 1, 2, 3]);
  expect(server.runs.every(({ status }) => status === 'FINISHED')).toBe(true);
  const rows = (await nocturne(root, ['log', '--json'])).stdout.split('\n').map((line) => JSON.parse(line));
  for (const { tags, points } of server.runs) {
    const { experiment, metric } = rows[Number(tags.get('nocturne.experiment'))];
    expect([...points].filter((point) => point.startsWith('loss '))).toEqual([`loss ${experiment} ${metric}`]);
  }
  expect(readdirSync(join(root, 'board/night'))).toEqual(['0000', '0001', '0002', '0003']);
  expect(readFileSync(join(root, 'runs/night/csv/experiments.csv'), 'utf8').trim().split('\r\n')).toHaveLength(5);
  expect(said.stderr).toContain(`Study night is in mlflow: ${server.url}, experiment `);
  expect(said.stderr).not.toContain('is not sent to');
  expect(server.heard()).toContain('API_KEY');
  const sent = [server.heard(), textBelow(join(root, 'board')), textBelow(join(root, 'runs/night/csv'))].join('\n');
  expect(`${sent}${said.stderr}${said.stdout}`).not.toMatch(new RegExp(`${secret}|hunter2`));
  expect(readdirSync(join(root, 'runs/night')).filter((name) => /^export-.*lock/.test(name))).toEqual([]);
  expect((await nocturne(root, ['check'])).exitCode).toBe(0);
  const { trackers, text } = await trackersOf(root);
  const all = { upTo: 3, of: 3, missing: 0, sentAt: expect.any(String), failure: null };
  expect(trackers).toEqual(['csv', 'tensorboard', 'mlflow'].map((tracker) => ({ tracker, ...all })));
  expect(text).toMatch(/^trackers {2}csv: sent up to experiment 3 of 3\n {10}tensorboard: .*\n {10}mlflow: /m);
});

test('a server that is away ends nothing and is said once; the next session sends what is missing, each once', async () => {
  const server = await startMlflowStandIn();
  const { root } = trackedProject(server);
  server.refuse(true);
  const first = await nocturne(root, run(2));
  expect(first.exitCode, first.stderr).toBe(0);
  expect(first.stderr.match(/is not sent to mlflow for now/g)?.length ?? 0).toBeLessThan(2);
  expect(first.stderr).toMatch(
    /mlflow lacks a part of study night: .*`nocturne export --to mlflow --tag night` sends it\./,
  );
  expect(server.runs).toEqual([]);
  const away = await trackersOf(root);
  const failure = { at: expect.any(String), reason: expect.stringContaining('status 503') };
  expect(away.trackers.at(-1)).toEqual({ tracker: 'mlflow', upTo: null, of: 2, missing: 3, sentAt: null, failure });
  expect(away.text).toMatch(/^ {10}mlflow: nothing sent yet; it failed at \d\d:\d\d: The MLflow server /m);
  server.refuse(false);
  // The command that was named, with the address of the brief.
  const exported = await nocturne(root, ['export', '--to', 'mlflow', '--tag', 'night', '--json']);
  expect(JSON.parse(exported.stdout), exported.stderr).toMatchObject({ sent: [0, 1, 2] });
  expect((await trackersOf(root)).trackers.at(-1)).toMatchObject({ upTo: 2, of: 2, missing: 0 });
  const second = await nocturne(root, run(3));
  expect(second.exitCode, second.stderr).toBe(0);
  expect(numbersOf(server)).toEqual([0, 1, 2, 3]);
});

test('after a kill while it sends, the next session leaves neither a double nor a gap', async () => {
  let kill = () => {};
  let creations = 0;
  const server = await startMlflowStandIn(async (path) => {
    if (path === 'runs/create' && ++creations === 2) kill();
  });
  const { root } = trackedProject(server);
  const killed = startNocturne(root, run(3));
  kill = () => killed.kill('SIGKILL');
  expect((await killed.end).signal).toBe('SIGKILL');
  const said = await nocturne(root, run(3));
  expect(said.exitCode, said.stderr).toBe(0);
  expect(entriesOf(journalOf(root, 'night'), 'verdict-given').length).toBeGreaterThan(3);
  expect(numbersOf(server)).toEqual([0, 1, 2, 3]);
});

test('a tracker without an address is said before a study begins, by doctor too', async () => {
  const repo = project('quick');
  settle(repo, 'trackers: [mlflow]');
  const said = await nocturne(repo.root, run(1));
  expect(said).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/^nocturne: No MLflow server is named\./m) });
  expect(existsSync(join(repo.root, 'runs/night/journal.jsonl'))).toBe(false);
  const { stdout, exitCode } = await nocturne(repo.root, ['doctor', '--quick']);
  expect(exitCode).toBe(3);
  expect(stdout).toMatch(/^tracker +PROBLEM +No MLflow server is named\./m);
  const named = await nocturne(repo.root, ['doctor', '--quick'], { MLFLOW_TRACKING_URI: 'http://127.0.0.1:9' });
  expect(named.stdout).toMatch(/^tracker +ok +mlflow: http:\/\/127\.0\.0\.1:9, experiment /m);
});

const finished = templateStudy('--tag', 'night', '--max-experiments', '2');

test('two exports at the same time leave each experiment once', async () => {
  const { root } = finished();
  const server = await startMlflowStandIn();
  const toServer = ['export', '--to', 'mlflow', '--uri', server.url, '--json'];
  const both = await Promise.all([nocturne(root, toServer), nocturne(root, toServer)]);
  expect(
    both.map(({ exitCode }) => exitCode),
    both[1].stderr,
  ).toEqual([0, 0]);
  expect(both.map(({ stdout }) => JSON.parse(stdout).sent.length).sort()).toEqual([0, 3]);
  expect(numbersOf(server)).toEqual([0, 1, 2]);
});
