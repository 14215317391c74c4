/**
 * Runs a candidate: once with one seed, or picks up the run that was in flight when the last session ended.
 *
 * The caller says what a run is for: an experiment or a confirmation.
 */

import { ok } from '../core/base/errors.ts';
import type { RunStep } from '../core/decide/step.ts';
import { experimentOf } from '../core/journal/history.ts';
import type { RunResult } from '../core/journal/run.ts';
import { budgetAllowance } from '../core/run/budget-allowance.ts';
import { concludeRun, type Ending, type Kill } from '../core/run/conclude-run.ts';
import { contentionOf } from '../core/run/contention.ts';
import { withOwnDevice } from '../core/run/device.ts';
import { resultAfterStop } from '../core/run/ended-by-stop.ts';
import { scoringAllowance } from '../core/run/scoring-allowance.ts';
import { timeLimitOf } from '../core/run/time-limit.ts';
import { filesToRead } from '../core/space/declared/places.ts';
import type { Job, JobState, Stage } from '../ports/engine.ts';
import type { RunKey, RunOutputs } from '../ports/run-folders.ts';
import { awaitRoomToRun, withRoomTrouble } from './disk.ts';
import { pauseForGpu, withGpuTrouble } from './gpu.ts';
import { withUntouchedJournal } from './journal-touched.ts';
import { tellOfData, withUnchangedData } from './look-at-data.ts';
import { requireUnmovedRefs, tellOfRepository, withUnmovedRefs } from './own-repository.ts';
import { wasStopped } from './stopped-run.ts';
import type { Study } from './study.ts';
import { watchRun } from './watch-run.ts';

/** How long one poll of the engine waits: live figures are shown, and the inbox is read, at this interval. */
const pollSeconds = 0.5;

/** Journals the start of a run; the next step starts it, so that a crash in between repeats nothing. */
export async function startRun(study: Study, { experiment, run, seed, slot }: RunStep): Promise<undefined> {
  await study.record({ event: 'run-started', experiment, run, seed, ...(slot === undefined ? {} : { slot }) });
}

/** Submits the run, or adopts it when it is running already, waits for its end and journals its result. */
export async function awaitRun(study: Study, { experiment, run, seed, slot }: RunStep): Promise<undefined> {
  const { candidate } = experimentOf(study.history(), experiment);
  ok(candidate !== undefined, 'a run has a candidate');
  const key = { experiment, run, seed, commit: candidate.commit, ...(slot === undefined ? {} : { slot }) };
  const result = await executeRun(study, key);
  const contention = contentionOf(study.history(), experiment, result);
  await study.record({ event: 'run-ended', experiment, run, result: contention ? { ...result, contention } : result });
  if (result.outcome === 'lost') await study.alone(() => requireUnmovedRefs(study));
  await pauseForGpu(study, experiment, result);
}

/** A run from its folder to its result; one that was started before is adopted. */
export async function executeRun(study: Study, key: RunKey): Promise<RunResult> {
  const { lab } = study;
  await awaitRoomToRun(study, key);
  const job = await study.alone(async () => {
    const laid = await lab.runFolders.lay({ limitSeconds: timeLimitOf(study.history(), key.experiment), ...key });
    await tellOfData(study, key.confirmation === undefined);
    await tellOfRepository(study);
    return laid;
  });
  await lab.engine.submit(job);
  const watcher = watchRun(study, key, job);
  const state = await awaitEnd(study, job, watcher.look);
  await lab.engine.collect(job);
  await watcher.lookAtEnd();
  const kill = watcher.kill();
  const isStopped = await wasStopped(study, key, kill ? undefined : state);
  const how = { kill, isStopped, budgetSeconds: key.budgetSeconds };
  const { outputs, result } = await study.alone(async () => {
    const left = await lab.runFolders.outputs(key);
    const conclude = async (found: Partial<RunOutputs>) =>
      withOwnDevice(
        comparedWith(study, key),
        withClosed(study, left, await concludeJob(study, state, { ...left, ...found }, how)),
      );
    const concluded = await withUnchangedData(study, key, await conclude({}), conclude);
    await tellOfData(study, key.confirmation === undefined);
    return { outputs: left, result: concluded };
  });
  const roomy = isStopped ? resultAfterStop(result) : await withRoomTrouble(study, key, result, outputs);
  const own = isStopped || roomy.disk ? roomy : await withGpuTrouble(study, key, roomy, outputs);
  const sound = await study.alone(async () => {
    await tellOfRepository(study);
    return withUnmovedRefs(study, await withUntouchedJournal(study, key, own));
  });
  return { ...sound, ...watcher.figures() };
}

/** All that the run's result is compared with. */
function comparedWith(study: Study, { confirmation }: RunKey) {
  const { history, heldOut } = study.whole();
  const contenders = confirmation ? heldOut.confirmations[confirmation.confirmation - 1]?.contenders : undefined;
  return [...history.experiments, ...(contenders ?? [])];
}

type EndedState = Extract<JobState, { kind: 'ended' | 'lost' }>;

/** Waits until a job has ended; cancels it when the owner stops the study at once, by signal or by request. */
export async function awaitEnd(
  study: Study,
  job: Job,
  report: (elapsedSeconds: number, stage: Stage['name'] | undefined) => Promise<void>,
): Promise<EndedState> {
  for (;;) {
    if ((await study.stopWanted()) === 'now') await study.lab.engine.cancel(job);
    const state = await study.lab.engine.poll(job, pollSeconds);
    study.left.throwIfAborted();
    if (state.kind === 'ended' || state.kind === 'lost') return state;
    if (state.kind === 'running') await report(state.elapsedSeconds, state.stage);
    // Its supervisor waits for room as well, and says nothing.
    if (!study.signal.aborted) await study.lab.disk?.requireRoom?.();
  }
}

/** A failure for want of what isolation closes is told so: neither the candidate nor who proposed it can know. */
function withClosed({ lab }: Study, { trainLog, scoreLog = '' }: RunOutputs, result: RunResult): RunResult {
  if (result.measurement !== undefined || result.outcome !== 'crashed') return result;
  const why = lab.closedToRun?.(scoreLog === '' ? trainLog : scoreLog);
  return why === undefined ? result : { ...result, reason: `${result.reason}; ${why}` };
}

/** What the controller did to a job. */
interface Intervention {
  /** Present when it ended the job early, for a reason of its own. */
  readonly kill?: Kill | undefined;
  /** Whether the owner stopped the study meanwhile. */
  readonly isStopped: boolean;
  /** The training budget that it gave, where that is not the study's. */
  readonly budgetSeconds?: number | undefined;
}

/** The result of an ended job, from what it left behind and what the controller did to it. */
export async function concludeJob(
  study: Study,
  state: EndedState,
  outputs: RunOutputs,
  intervention: Intervention,
): Promise<RunResult> {
  const ending = endingOf(state, intervention);
  const asked = intervention.budgetSeconds;
  const history = study.history();
  const allowance = { ...budgetAllowance(history, asked), scoring: scoringAllowance(history, asked) };
  const { brief } = study.lab;
  return concludeRun(ending, { ...outputs, editable: filesToRead(brief) }, brief.metric, allowance);
}

/**
 * A cancel that the controller did not ask for, as when a script signals its own supervisor, is a lost run: it is
 * repeated, and the third counts as a failure.
 */
function endingOf(state: EndedState, { kill, isStopped }: Intervention): Ending {
  if (state.kind === 'lost') return state;
  if (state.end.ending !== 'cancelled' || isStopped) return { kind: 'ended', ...state.end };
  if (kill) return { kind: 'ended', ...state.end, kill };
  return { kind: 'lost', reason: 'it was cancelled, though no controller of the study asked for that' };
}
