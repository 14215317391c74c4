import { afterEach, expect, test, vi } from 'vitest';
import { createAwayEngine } from '../../../../src/adapters/engines/travel/away-engine.ts';
import type { Ground, Look, Scheduler } from '../../../../src/adapters/engines/travel/parts.ts';
import { contractJob, contractStudy } from '../../../contracts/engine-jobs.ts';

const grace = 60_000;

/** A scheduler that says this of its one job at each look, the last for ever, and a ground on which nothing comes of it. */
async function engineOf(...looks: readonly Look[]) {
  let at = 0;
  const scheduler: Scheduler = {
    submit: async () => ({ kind: 'taken', ref: '7' }),
    find: async () => undefined,
    look: async () => looks[Math.min(at++, looks.length - 1)] as Look,
    end: async () => {},
  };
  const ground: Ground = {
    lay: async () => ['true'],
    look: async () => ({ hasStarted: true, hasEnded: false }),
    bringHome: async () => true,
    forget: async () => {},
  };
  const engine = createAwayEngine({ scheduler, ground, slots: 1, tell: () => {}, pace: { grace } });
  const job = await contractJob(await contractStudy(), 'scores');
  await engine.submit(job);
  return {
    look: () => engine.poll(job, 0),
    pass: () => vi.advanceTimersByTime(grace),
  };
}

const running: Look = { kind: 'running' };
const gone: Look = { kind: 'gone', why: 'it no longer knows job 7', isOfEngine: true };

afterEach(() => {
  vi.useRealTimers();
});

test('a job that is gone for as long as its result may take is lost', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const { look, pass } = await engineOf(gone);
  expect(await look()).toMatchObject({ kind: 'running' });
  pass();
  expect(await look()).toMatchObject({ kind: 'lost', reason: gone.why });
});

test('a job that was taken for gone and is seen to run has all that time again', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const { look, pass } = await engineOf(gone, running, gone, gone);
  expect(await look()).toMatchObject({ kind: 'running' });
  expect(await look()).toMatchObject({ kind: 'running' });
  pass();
  expect(await look()).toMatchObject({ kind: 'running' });
  pass();
  expect(await look()).toMatchObject({ kind: 'lost' });
});
