/**
 * The states of jobs, as every engine here comes to them: how a poll waits for the end of one, and what its folder says of it.
 */
import { setTimeout } from 'node:timers/promises';
import type { JobKey, JobState } from '../../ports/engine.ts';
import { readJobEnd } from './job-files.ts';

/** Why a job whose `result.json` cannot be understood is lost. */
export const spoiltResult = 'its result.json is not what a supervisor writes';

/** Lost, which the job itself may have brought about. */
export function lost(reason: string): JobState & { readonly kind: 'lost' } {
  return { kind: 'lost', reason };
}

/** Of a job that nobody submitted. */
export const neverStarted = lost('it was never started');

/** Lost through nothing that the job could have done. */
export function lostByMachine(reason: string): JobState & { readonly kind: 'lost' } {
  return { kind: 'lost', reason, byMachine: true };
}

/** How the job ended, from its folder; lost where what is there is no result. */
export async function endOf(job: JobKey): Promise<JobState | undefined> {
  const end = await readJobEnd(job);
  if (end.kind === 'absent') return undefined;
  return end.kind === 'read' ? { kind: 'ended', end: end.value } : lost(spoiltResult);
}

/** Whether nothing more becomes of a job in this state. */
export function isOver({ kind }: JobState): boolean {
  return kind === 'ended' || kind === 'lost';
}

/** Looks at a job until it is over, for `waitSeconds` at the most; `look` and the `rest` after it learn the milliseconds that are left. */
export async function pollUntilOver(
  waitSeconds: number,
  look: (left: number) => Promise<JobState>,
  rest: (left: number) => Promise<unknown>,
): Promise<JobState> {
  const until = performance.now() + waitSeconds * 1000;
  for (;;) {
    const state = await look(until - performance.now());
    const left = until - performance.now();
    if (isOver(state) || left <= 0) return state;
    await rest(left);
  }
}

/** What comes of it; undefined where that takes longer. Its timer goes with it, so that it keeps no process alive. */
export async function within<Result>(
  milliseconds: number,
  coming: Promise<Result> | undefined,
): Promise<Result | undefined> {
  const over = new AbortController();
  const time = setTimeout(Math.max(0, milliseconds), undefined, { signal: over.signal });
  try {
    return await Promise.race([coming, time]);
  } finally {
    over.abort();
  }
}
