import { expect, it } from 'vitest';
import { createLocalEngine } from '../../../src/adapters/engines/local.ts';
import { progressPattern } from '../../../src/core/run/progress.ts';
import { fixtureJob } from './fixture-job.ts';

async function progressOf(train: string, noted?: string) {
  const job = await fixtureJob(train);
  const stages = job.stages.map((stage) => (noted === undefined ? stage : { ...stage, noted }));
  const engine = createLocalEngine({ python: 'python3' });
  const whole = { ...job, stages };
  await engine.submit(whole);
  const state = await engine.poll(whole, 30);
  if (state.kind !== 'ended') throw new Error(state.kind);
  const [stage] = state.end.stages;
  return { ...stage?.progress, seconds: stage?.seconds ?? 0 };
}

it('the first and the last line of progress are noted when they come, in wall and processor seconds', async () => {
  const { first, last, seconds } = await progressOf('progresses', progressPattern);
  if (!first || !last) throw new Error('no progress was seen');
  // It spends 0.3 s before the first, 0.3 s between them and 0.3 s after the last.
  expect(first.cpuSeconds).toBeGreaterThan(0.29);
  expect(last.cpuSeconds - first.cpuSeconds).toBeGreaterThan(0.29);
  expect(last.cpuSeconds - first.cpuSeconds).toBeLessThan(0.45);
  expect(last.seconds - first.seconds).toBeGreaterThan(0.29);
  expect(seconds - last.seconds).toBeGreaterThan(0.29);
});

it('a stage that prints no such line, or of which none is wanted, has none', async () => {
  expect(await progressOf('no_score', progressPattern)).not.toHaveProperty('first');
  expect(await progressOf('progresses')).not.toHaveProperty('first');
});
