/**
 * Ctrl-C, SIGTERM and SIGHUP: the first stops the run and finishes the bookkeeping, the second stops at once.
 */
export interface StopSignals {
  readonly signal: AbortSignal;
  /** Whether a signal came at all. */
  readonly wasInterrupted: () => boolean;
  readonly dispose: () => void;
}

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Listens until disposed; `onAtOnce` does what must be done before a second Ctrl-C ends this process. */
export function listenForStop(say: (line: string) => void, onAtOnce: () => Promise<void>): StopSignals {
  const controller = new AbortController();
  let isDone = false;
  const onSignal = (name: NodeJS.Signals) => {
    // The listener stays: without it a late second Ctrl-C would kill the process, and its exit code would not be ours.
    if (isDone) process.exit(130);
    if (!controller.signal.aborted) {
      if (name === 'SIGINT') say('Stopping: ending the run and the bookkeeping. Ctrl-C again stops at once.');
      controller.abort();
      return;
    }
    void onAtOnce().finally(() => process.exit(130));
  };
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    wasInterrupted: () => controller.signal.aborted,
    dispose: () => {
      isDone = true;
    },
  };
}
