/**
 * Does something that may take minutes, and ends it when a person wants the study to stop at once.
 */
import type { Study } from './study.ts';

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
    // What it took from the inbox is journalled before anybody goes on.
    await watching;
  }
}

async function watch(study: Study, ending: AbortController, done: AbortSignal): Promise<void> {
  while (!done.aborted) {
    if ((await study.stopWanted()) === 'now') return ending.abort();
    await study.lab.pause(lookSeconds, done);
  }
}
