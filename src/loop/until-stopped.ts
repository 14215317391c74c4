/**
 * What may take minutes, and ends when the owner wants the study to stop: an action, or the wait for a model that is
 * away.
 */
import { ResearchError } from '../core/base/errors.ts';
import { timeStop } from '../core/decide/stopping.ts';
import { currentOwnerPause } from '../core/journal/history.ts';
import { momentOf, type Study } from './study.ts';

const lookSeconds = 0.5;

/** The result of the action, whose signal is aborted by Ctrl-C and by `nocturne stop --now` alike. */
export async function untilStopped<Result>(
  study: Study,
  action: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const ending = new AbortController();
  const done = new AbortController();
  const watching = watch(study, ending, done.signal);
  try {
    return await action(ending.signal);
  } finally {
    done.abort();
    // What it took from the inbox is journalled before the study goes on.
    await watching;
  }
}

async function watch(study: Study, ending: AbortController, done: AbortSignal): Promise<void> {
  while (!done.aborted) {
    if (study.left.aborted || (await study.stopWanted()) === 'now') return ending.abort();
    await study.lab.pause(lookSeconds, done);
  }
}

/**
 * The result of the action; undefined when it fails while the owner stops the study at once. Ctrl-C and a closed terminal
 * also end the git that works for the action.
 */
export async function unlessStopped<Result>(study: Study, action: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof ResearchError) || (await study.stopWanted()) !== 'now') throw error;
    return undefined;
  }
}

/** A model that is merely slow to answer is asked again soon; its own wrapper decides how often it is really called. */
const minSeconds = 5;
const maxSeconds = 900;

/**
 * Waits 5 s to 15 min before the model is asked again, where no fallback proposes meanwhile; a stop of any kind, or an
 * experiment that is handed in, ends it.
 */
export async function waitForModel(study: Study, retryAfterSeconds: number): Promise<undefined> {
  const { lab } = study;
  const seconds = Math.min(maxSeconds, Math.max(minSeconds, retryAfterSeconds));
  const until = lab.liveSeconds() + seconds;
  while (lab.liveSeconds() < until) {
    if ((await isToEnd(study)) || study.history().handedIn.length > 0) return;
    await lab.pause(lookSeconds);
  }
}

/** Waits until an experiment is handed in, the owner wants a stop, or the study's time is over. */
export async function waitForHandIn(study: Study): Promise<undefined> {
  const { lab, history } = study;
  while (history().handedIn.length === 0 && !timeStop(history(), momentOf(lab))) {
    if (await isToEnd(study)) return;
    await lab.pause(lookSeconds);
  }
}

/** Waits while the owner has paused the study; a stop of any kind ends the wait. */
export async function awaitResume(study: Study): Promise<undefined> {
  while (currentOwnerPause(study.history())) {
    if (await isToEnd(study)) return;
    await study.lab.pause(lookSeconds);
  }
}

/** Whether what waits beside the loop is to end: the owner wants a stop of any kind, or the loop itself has ended. */
export async function isToEnd({ left, stopWanted }: Study): Promise<boolean> {
  return left.aborted || (await stopWanted()) !== 'no';
}
