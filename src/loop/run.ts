/**
 * Runs a candidate: once with one seed, or picks up the run that was in flight when the last session ended.
 *
 * The caller says what a run is for: an experiment or a confirmation.
 */

import { ok } from '../core/base/errors.ts';
import { experimentOf } from '../core/journal/history.ts';
import type { RunResult } from '../core/journal/run.ts';
import { budgetAllowance } from '../core/run/budget-allowance.ts';
import { concludeRun, type Ending, type Kill } from '../core/run/conclude-run.ts';
import { contentionOf } from '../core/run/contention.ts';
import type { Job, JobState } from '../ports/engine.ts';
import type { RunKey, RunOutputs } from '../ports/run-folders.ts';
import type { Study } from './study.ts';
import { watchRun } from './watch-run.ts';

interface RunStep {
  readonly experiment: number;
  readonly run: number;
  readonly seed: number;
}

/** How long one poll of the engine waits: live figures are shown, and the inbox is read, at this interval. */
const pollSeconds = 0.5;

/** Journals the start of a run; the next step starts it, so that a crash in between repeats nothing. */
export async function startRun(study: Study, { experiment, run, seed }: RunStep): Promise<undefined> {
  await study.record({ event: 'run-started', experiment, run, seed });
}

/** Submits the run, or adopts it when it is running already, waits for its end and journals its result. */
export async function awaitRun(study: Study, { experiment, run, seed }: RunStep): Promise<undefined> {
  const { candidate } = experimentOf(study.history(), experiment);
  ok(candidate !== undefined, 'a run has a candidate');
  const result = await executeRun(study, { experiment, run, seed, commit: candidate.commit });
  const contention = contentionOf(study.history(), experiment, result);
  await study.record({ event: 'run-ended', experiment, run, result: contention ? { ...result, contention } : result });
}

/** A run from its folder to its result; one that was started before is adopted. */
export async function executeRun(study: Study, key: RunKey): Promise<RunResult> {
  const { lab } = study;
  const job = await lab.runFolders.lay(key);
  await lab.engine.submit(job);
  const watcher = watchRun(study, key, job);
  const state = await awaitEnd(study, job, watcher.look);
  await lab.engine.collect(job);
  await watcher.lookAtEnd();
  const result = await concludeJob(study, state, await lab.runFolders.outputs(key), watcher.kill());
  return { ...result, ...watcher.figures() };
}

/** Waits until a job has ended; cancels it when the owner stops the study at once, by signal or by request. */
export async function awaitEnd(
  study: Study,
  job: Job,
  report: (elapsedSeconds: number) => Promise<void>,
): Promise<Extract<JobState, { kind: 'ended' | 'lost' }>> {
  for (;;) {
    if ((await study.stopWanted()) === 'now') await study.lab.engine.cancel(job);
    const state = await study.lab.engine.poll(job, pollSeconds);
    if (state.kind === 'ended' || state.kind === 'lost') return state;
    if (state.kind === 'running') await report(state.elapsedSeconds);
  }
}

/** The result of an ended job, from what it left behind, and from `kill` when the controller ended it early. */
export async function concludeJob(
  study: Study,
  state: Extract<JobState, { kind: 'ended' | 'lost' }>,
  outputs: RunOutputs,
  kill?: Kill,
): Promise<RunResult> {
  const ending = await endingOf(study, state, kill);
  return concludeRun(ending, outputs, study.lab.brief.metric, budgetAllowance(study.history()));
}

/**
 * A cancel that the controller did not ask for, as when a script signals its own supervisor, is a lost run: it is
 * repeated, and the third counts as a failure.
 */
async function endingOf(
  study: Study,
  state: Extract<JobState, { kind: 'ended' | 'lost' }>,
  kill: Kill | undefined,
): Promise<Ending> {
  if (state.kind === 'lost') return state;
  if (state.end.ending !== 'cancelled' || (await study.stopWanted()) === 'now') return { kind: 'ended', ...state.end };
  if (kill) return { kind: 'ended', ...state.end, kill };
  return { kind: 'lost', reason: 'it was cancelled, though nobody here asked for that' };
}
