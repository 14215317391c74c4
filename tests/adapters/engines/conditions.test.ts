import { spawn } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { readJobEnd, specPath, writeSpec } from '../../../src/adapters/engines/job-files.ts';
import { contentOf } from '../../../src/adapters/files/read-json.ts';
import { packagePath } from '../../../src/adapters/package-root.ts';
import type { MachineConditions } from '../../../src/core/journal/conditions.ts';
import type { Job } from '../../../src/ports/engine.ts';
import { fakeNvidiaSmi, gpuFailures } from '../../helpers/nvidia-smi.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';
import { fixtureJob } from './fixture-job.ts';

const computes = packagePath('tests', 'fixtures', 'train', 'computes.py');

/** What the supervisor saw of the job's training. */
async function conditionsOf(job: Job, programs?: string): Promise<MachineConditions> {
  return conditionsWith(job, programs === undefined ? {} : { PATH: programs + delimiter + process.env.PATH });
}

async function conditionsWith(job: Job, path: { readonly PATH?: string }): Promise<MachineConditions> {
  await writeSpec(job);
  const supervisor = packagePath('src', 'python', 'supervisor.py');
  await execa('python3', ['-I', '-S', '-X', 'utf8', supervisor, specPath(job)], { env: path });
  return contentOf(await readJobEnd(job))?.stages[0]?.conditions ?? {};
}

test.runIf(process.platform === 'linux')('what others take of the core of a run is seen', async () => {
  for (const _ of [1, 2]) {
    // In its own session: a scheduler that shares time by session would count it together with the tests.
    const hog = spawn('python3', [computes, '60'], { stdio: 'ignore', detached: true });
    onTestFinished(() => void hog.kill('SIGKILL'));
  }
  const { lostShare } = await conditionsOf(await fixtureJob('computes 3'));
  // Two other processes on the same core take two thirds of its time.
  expect(lostShare).toBeGreaterThan(0.3);
});

test('a run that computes next to nothing lost nothing that could be told', async () => {
  expect(await conditionsOf(await fixtureJob('prints_score'))).not.toHaveProperty('lostShare');
});

/** A folder with a program that answers as nvidia-smi does. */
async function nvidiaSmi(job: Job, state: string, apps: string): Promise<string> {
  const folder = join(job.folder, 'programs');
  await mkdir(folder);
  const program = join(folder, 'nvidia-smi');
  await writeFile(program, `#!/bin/sh\ncase "$*" in *compute-apps*) printf '${apps}';; *) printf '${state}';; esac\n`);
  await chmod(program, 0o755);
  return folder;
}

test('a GPU that is hot and shared is seen', async () => {
  const job = await fixtureJob('ticks 2');
  const programs = await nvidiaSmi(job, '1410, 97, 0x0000000000000020\\n', '4711\\n4712\\n');
  expect(await conditionsOf(job, programs)).toMatchObject({
    gpus: 1,
    gpuMhz: 1410,
    gpuThrottledShare: 1,
    gpuOthers: 2,
  });
});

test('of a shared GPU the other runs of the study are no strangers, and whose memory is in use is not said', async () => {
  const job = await fixtureJob('ticks 2');
  // A process of a run of the same study, and this one, which is of none.
  const sibling = spawn('sleep', ['60'], { stdio: 'ignore', env: { NOCTURNE_RUN_DIR: '/study/0002/run-1/output' } });
  onTestFinished(() => void sibling.kill('SIGKILL'));
  const apps = `${sibling.pid}\\n${process.pid}\\n`;
  const programs = await nvidiaSmi(job, '1410, 97, 0x0000000000000004\\n', apps);
  const share = { shared: ['gpus' as const], among: '/study' };
  const conditions = await conditionsOf({ ...job, share }, programs);
  expect(conditions).toMatchObject({ gpuOthers: 1, gpuMhz: 1410, shared: ['gpus'] });
  expect(conditions).not.toHaveProperty('gpuUsedMib');
});

test('a GPU at its power cap is no trouble, and one without a figure says nothing', async () => {
  const job = await fixtureJob('ticks 2');
  const programs = await nvidiaSmi(job, '1410, 97, 0x0000000000000004\\n[N/A], 5, [N/A]\\n', '');
  expect(await conditionsOf(job, programs)).toMatchObject({
    gpus: 2,
    gpuMhz: 1410,
    gpuThrottledShare: 0,
    gpuOthers: 0,
  });
});

test('what others held of the GPUs before a run began is seen', async () => {
  const { path } = fakeNvidiaSmi(temporaryFolder(), { memory: '1203, 81559\n4, 81559' });
  expect(await conditionsWith(await fixtureJob('prints_score'), { PATH: path })).toMatchObject({ gpuUsedMib: 1207 });
  const unknown = fakeNvidiaSmi(temporaryFolder(), { memory: '[N/A], 81559\n4, 81559' });
  expect(await conditionsWith(await fixtureJob('prints_score'), { PATH: unknown.path })).not.toHaveProperty(
    'gpuUsedMib',
  );
});

test('a GPU that is gone is none, whatever nvidia-smi prints of it', async () => {
  const { path } = fakeNvidiaSmi(temporaryFolder(), { failure: gpuFailures['fallen off the bus'] });
  const conditions = await conditionsWith(await fixtureJob('ticks 2'), { PATH: path });
  for (const figure of ['gpus', 'gpuMhz', 'gpuUsedMib', 'gpuThrottledShare'])
    expect(conditions).not.toHaveProperty(figure);
});
