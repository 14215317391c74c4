/**
 * Ctrl-C, SIGTERM and SIGHUP: the first stops the run and finishes the bookkeeping, the second stops at once.
 */
import { say } from './print.ts';

export interface StopSignals {
  readonly signal: AbortSignal;
  /** Whether a signal came at all. */
  readonly wasInterrupted: () => boolean;
  readonly dispose: () => void;
}

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Listens until disposed. A second Ctrl-C ends this process; the run in flight then goes on and is adopted by the next start. */
export function listenForStop(onAtOnce: () => Promise<void>): StopSignals {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (!controller.signal.aborted) {
      if (name === 'SIGINT') say('Stopping: ending the run and finishing the bookkeeping. Ctrl-C again stops at once.');
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
      for (const name of names) process.off(name, onSignal);
    },
  };
}
