/**
 * A stage that is asked to end after a time, as real processes take it.
 */
import { expect, it } from 'vitest';
import { localJobs } from '../../../src/adapters/engines/job-files.ts';
import { createLocalEngine } from '../../../src/adapters/engines/local.ts';
import type { Job, JobState } from '../../../src/ports/engine.ts';
import { fixtureJob, survivorsOf } from './fixture-job.ts';

async function run(job: Job): Promise<JobState> {
  const engine = createLocalEngine({ python: 'python3' });
  await engine.submit(job);
  return engine.poll(job, 60);
}

it('a training that never ends is interrupted after its time, and the scorer follows', async () => {
  const job = await fixtureJob('never_ends saves', { endSeconds: 4, score: 'prints_score' });
  const state = await run(job);
  expect(state).toMatchObject({
    kind: 'ended',
    end: {
      ending: 'exited',
      stages: [
        { name: 'train', atBudget: true, exitCode: 0 },
        { name: 'score', exitCode: 0 },
      ],
    },
  });
  expect(await localJobs.readLogEnd(job, 'train', 10_000)).toMatch(/val_loss: [\d.]+\nsaved\n$/);
});

it('one that does not listen is ended with all its processes, and the scorer follows', async () => {
  const job = await fixtureJob('never_ends stubborn', { endSeconds: 4, score: 'prints_score' });
  const state = await run(job);
  expect(state).toMatchObject({
    kind: 'ended',
    end: { ending: 'exited', stages: [{ name: 'train', atBudget: true, signal: 'SIGKILL' }, { name: 'score' }] },
  });
  expect(await survivorsOf(job)).toEqual([]);
});

it('a training that ends by itself before is not said to have been ended', async () => {
  const job = await fixtureJob('ticks 0.1', { endSeconds: 50 });
  const state = await run(job);
  expect(state).toMatchObject({ kind: 'ended', end: { ending: 'exited', stages: [{ exitCode: 0 }] } });
  expect(JSON.stringify(state)).not.toContain('atBudget');
});

it('a training that fails before its time has failed', async () => {
  const job = await fixtureJob('exits_three', { endSeconds: 50, score: 'prints_score' });
  expect(await run(job)).toMatchObject({ kind: 'ended', end: { stages: [{ name: 'train', exitCode: 3 }] } });
});

it('the time limit of the job holds also while a training is given time to end', async () => {
  const job = await fixtureJob('never_ends stubborn', { endSeconds: 2, limitSeconds: 4 });
  expect(await run(job)).toMatchObject({ kind: 'ended', end: { ending: 'deadline' } });
});
