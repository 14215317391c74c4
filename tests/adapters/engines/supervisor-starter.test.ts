import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findSupervisors } from '../../../src/adapters/engines/find-supervisors.ts';
import { createLocalEngine } from '../../../src/adapters/engines/local.ts';
import type { Job } from '../../../src/ports/engine.ts';
import { fixtureJob, isAlive, runFolderOf } from './fixture-job.ts';

const engine = createLocalEngine({ python: 'python3' });

/** Submits a job that `waits`; gives its supervisor and the process that started that. */
async function submitWaiting(): Promise<{ job: Job; pid: number; starter: number }> {
  const job = await fixtureJob('waits');
  await engine.submit(job);
  const { pid } = JSON.parse(await readFile(join(job.folder, 'started.json'), 'utf8'));
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  return { job, pid, starter: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) };
}

async function letGo(job: Job): Promise<unknown> {
  await writeFile(join(runFolderOf(job), 'go'), '');
  expect(await engine.poll(job, 30)).toMatchObject({ kind: 'ended', end: { ending: 'exited' } });
  return JSON.parse(await readFile(join(job.folder, 'result.json'), 'utf8'));
}

it('one process starts them all, and each is found by its job', async () => {
  const [first, second] = [await submitWaiting(), await submitWaiting()];
  expect(first.starter).toBe(second.starter);
  expect(await readFile(`/proc/${first.starter}/cmdline`, 'utf8')).toContain('start_supervisors.py');
  for (const { job, pid } of [first, second]) {
    // A stage that is not yet its own program has its supervisor's command.
    await expect.poll(() => findSupervisors(job.folder)).toEqual([pid]);
    expect(await letGo(job)).toMatchObject({ orphaned: false });
  }
});

it('jobs go on without the process that started them and know it, their end is seen, and the next one is started', async () => {
  const jobs = [await submitWaiting(), await submitWaiting()];
  const starter = jobs[0]?.starter ?? 0;
  process.kill(starter, 'SIGKILL');
  // On a busy machine a killed process holds its lifelines a moment longer.
  await expect.poll(() => isAlive(starter)).toBe(false);
  for (const { job } of jobs) expect(await letGo(job)).toMatchObject({ orphaned: true });
  const next = await submitWaiting();
  expect(next.starter).not.toBe(starter);
  expect(await letGo(next.job)).toMatchObject({ orphaned: false });
});
