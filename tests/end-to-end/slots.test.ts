/** A study on a machine with two GPUs, as nvidia-smi lists them. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { entriesOf, journalOf, nocturne, processesOf, project, startNocturne } from '../helpers/nocturne.ts';
import { fakeNvidiaSmi, listOf } from '../helpers/nvidia-smi.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';
import { until } from '../helpers/until.ts';

/** Says which GPU it has, and waits until a run beside it has said so too. */
const meets = `
import pathlib, time
place = pathlib.Path(os.environ["NOCTURNE_TEST_PLACE"])
(place / os.environ["NOCTURNE_RUN_DIR"].replace("/", "+")).write_text(os.environ["CUDA_VISIBLE_DEVICES"])
while len(list(place.iterdir())) < 2:
    time.sleep(0.01)
print("---")`;

test('two runs in flight have a GPU each; the study is frozen to that kind of GPU, and says so', async () => {
  const repo = project('quick');
  repo.write('train.py', repo.read('train.py').replace('\nprint("---")', meets));
  repo.commit('meets another run');
  const folder = temporaryFolder();
  const place = join(folder, 'place');
  mkdirSync(place);
  const smi = fakeNvidiaSmi(folder, { list: listOf('NVIDIA L4', 'NVIDIA L4') });
  const variables = { PATH: smi.path, NOCTURNE_TEST_PLACE: place };
  const run = (...flags: readonly string[]) =>
    nocturne(
      repo.root,
      ['run', '--tag', 'two', '--researcher', 'random', '--slots', '2', '--no-isolation', ...flags],
      variables,
    );
  const first = await run('--max-experiments', '2');
  expect({ exitCode: first.exitCode, stderr: first.stderr }).toMatchObject({ exitCode: 0 });

  const seen = Object.fromEntries(
    readdirSync(place).map((name) => [name.replaceAll('+', '/'), readFileSync(join(place, name), 'utf8')]),
  );
  const entries = journalOf(repo.root, 'two');
  const started = entries.filter((entry) => entry.event === 'run-started');
  for (const { experiment, run: number, slot } of started) {
    const output = join(repo.root, 'runs', 'two', String(experiment).padStart(4, '0'), `run-${number}`, 'output');
    expect(seen[output]).toBe(String(slot));
  }
  expect(new Set(started.slice(0, 2).map(({ slot }) => slot))).toEqual(new Set([0, 1]));
  const ended = entries.filter((entry) => entry.event === 'run-ended');
  expect(ended.map(({ result }) => result.where)).toEqual(ended.map(() => ({ node: hostname(), device: 'NVIDIA L4' })));

  const status = await nocturne(repo.root, ['status', '--tag', 'two'], variables);
  expect(status.stdout).toContain(`runs on   NVIDIA L4: ${ended.length} runs on ${hostname()}`);

  smi.answer({ list: listOf('NVIDIA T4', 'NVIDIA T4') });
  const other = await run('--max-experiments', '4');
  expect(other.exitCode).not.toBe(0);
  expect(other.stderr).toContain('The runs of study two are on NVIDIA L4, and here each would be on NVIDIA T4');
  expect(journalOf(repo.root, 'two')).toHaveLength(entries.length);
});

test('Ctrl-C ends all runs in flight, and each is journalled', async () => {
  const repo = project('quick');
  const gate = join(temporaryFolder(), 'gate');
  mkdirSync(gate);
  // From the first one on, trainings wait until they are ended.
  writeFileSync(`${gate}.open`, '0');
  const flags = ['--tag', 'two', '--slots', '2', '--no-isolation'];
  const running = startNocturne(repo.root, ['run', ...flags], { NOCTURNE_TEST_GATE: gate, CUDA_VISIBLE_DEVICES: '' });
  await until(() => readdirSync(gate).length === 2);
  const folder = join(repo.root, 'runs', 'two');
  expect(processesOf(`NOCTURNE_RUN_DIR=${folder}`)).toHaveLength(2);
  running.kill('SIGINT');
  expect(await running.end).toMatchObject({ exitCode: 130 });
  expect(processesOf(`NOCTURNE_RUN_DIR=${folder}`)).toEqual([]);
  const ended = entriesOf(journalOf(repo.root, 'two'), 'run-ended');
  expect(ended.map(({ result }) => result.outcome)).toEqual(['cancelled', 'cancelled']);
});
