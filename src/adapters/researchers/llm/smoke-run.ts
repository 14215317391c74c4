/**
 * A short run of a draft on the study's own engine: does it start, train and end? It is journalled and measures
 * nothing.
 */

import { rm } from 'node:fs/promises';
import { formatDuration } from '../../../core/base/format.ts';
import { lastLines, plainText } from '../../../core/base/plain-text.ts';
import { experimentOf } from '../../../core/journal/history.ts';
import { checkLimitSeconds } from '../../../core/run/check-limit.ts';
import type { Engine, Job, JobState } from '../../../ports/engine.ts';
import type { RunFolders } from '../../../ports/run-folders.ts';
import type { SmokeRun } from './options.ts';

const pollSeconds = 0.5;
const shownLines = 25;

/** A smoke run with these folders and this engine; undefined where the folders offer none. */
export function createSmokeRun(runFolders: RunFolders, engine: Engine): SmokeRun | undefined {
  const { laySmoke } = runFolders;
  if (!laySmoke) return undefined;
  return async (request, files, signal) => {
    const spare = await request.spareSlot?.(signal);
    try {
      if (signal.aborted) return 'stopped before it began';
      return await smoke({ engine, laySmoke, slot: spare?.slot ?? 0 }, request, files, signal);
    } finally {
      spare?.giveBack();
    }
  };
}

interface Smoke {
  readonly engine: Engine;
  readonly laySmoke: NonNullable<RunFolders['laySmoke']>;
  readonly slot: number;
}

async function smoke(
  { engine, laySmoke, slot }: Smoke,
  ...[request, files, signal]: Parameters<SmokeRun>
): Promise<string> {
  const { history, experiment, attempt } = request;
  const commit = experimentOf(history, history.incumbent).candidate?.commit ?? history.start;
  const key = { experiment, run: 1, seed: 1, commit, slot, limitSeconds: checkLimitSeconds(history) };
  const job = await laySmoke(key, files);
  const state = await runJob(engine, job, signal);
  const ending = describe(state, job.limitSeconds);
  const seconds = state.kind === 'ended' ? state.end.seconds : 0;
  await request.record?.({ event: 'smoke-ended', experiment, attempt, ending, seconds });
  const log = lastLines(plainText(await endOfLog(engine, job)), shownLines);
  await rm(job.folder, { recursive: true, force: true });
  return `${ending} after ${formatDuration(seconds)}. The end of its log:\n${log}`;
}

async function runJob(
  engine: Engine,
  job: Job,
  signal: AbortSignal,
): Promise<Extract<JobState, { kind: 'ended' | 'lost' }>> {
  await engine.submit(job);
  for (;;) {
    if (signal.aborted) await engine.cancel(job);
    const state = await engine.poll(job, pollSeconds);
    if (state.kind === 'ended' || state.kind === 'lost') return state;
  }
}

function describe(state: Extract<JobState, { kind: 'ended' | 'lost' }>, limitSeconds: number): string {
  if (state.kind === 'lost') return `lost: ${state.reason}`;
  if (state.end.ending === 'deadline')
    return `still running at the check's limit of ${limitSeconds} s, which is no fault,`;
  if (state.end.ending === 'cancelled') return 'stopped';
  const stage = state.end.stages.at(-1);
  return stage?.signal ? `killed by ${stage.signal}` : `exited ${stage?.exitCode}`;
}

/** The last 65,536 characters of the log. */
async function endOfLog(engine: Engine, job: Job): Promise<string> {
  let text = '';
  let from = 0;
  for (;;) {
    const piece = await engine.tail(job, 'train', from);
    if (piece.next === from) return text;
    text = (text + piece.text).slice(-65_536);
    from = piece.next;
  }
}
