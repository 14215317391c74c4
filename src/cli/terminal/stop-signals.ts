/**
 * The signals by which a controller is asked to stop. Any of them, however often, is one orderly stop: it ends the run in
 * flight and finishes the bookkeeping. Only a second Ctrl-C stops at once. Closing a terminal sends two SIGHUPs, one from
 * the kernel and one from the shell; systemd and Slurm repeat their SIGTERM.
 */
export interface StopSignals {
  /** Aborted by the first signal, with its name as the reason. */
  readonly signal: AbortSignal;
  /** Whether a signal came at all. */
  readonly wasInterrupted: () => boolean;
  /** From now on the process is about to end, and any signal ends it. */
  readonly dispose: () => void;
}

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type StopSignal = (typeof names)[number];

/** Listens until disposed; `onAtOnce` does what must be done before a second Ctrl-C ends this process. */
export function listenForStop(say: (line: string) => void, onAtOnce: () => Promise<void>): StopSignals {
  const controller = new AbortController();
  const answerTo = createStopRule(keyPressMilliseconds(process.env));
  let isDone = false;
  const onSignal = (name: StopSignal) => {
    // The listener stays: without it a late second Ctrl-C would kill the process, and its exit code would not be ours.
    if (isDone) process.exit(130);
    const answer = answerTo(name, performance.now());
    if (answer === 'nothing') return;
    if (answer === 'stop-at-once') return void onAtOnce().finally(() => process.exit(130));
    say(stopText(name));
    controller.abort(name);
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

/** What a signal asks for; `stop` may come again, which changes nothing. */
export type StopAnswer = 'stop' | 'stop-at-once' | 'nothing';

/** The rule that answers each signal; `at` is in milliseconds, on any clock that only moves on. */
export function createStopRule(keyPress: number): (name: StopSignal, at: number) => StopAnswer {
  let isStopping = false;
  let firstCtrlC: number | undefined;
  let isAtOnce = false;
  return (name, at) => {
    if (name === 'SIGINT' && firstCtrlC !== undefined) {
      if (isAtOnce || at - firstCtrlC < keyPress) return 'nothing';
      isAtOnce = true;
      return 'stop-at-once';
    }
    if (name === 'SIGINT') firstCtrlC = at;
    // After another signal the first Ctrl-C still says what a second one would do.
    if (isStopping && name !== 'SIGINT') return 'nothing';
    isStopping = true;
    return 'stop';
  };
}

/**
 * Milliseconds in which two SIGINTs are one key press. npm and npx pass on the SIGINT of Ctrl-C to their child, which
 * the terminal has sent it too; on a busy machine they take some tenths of a second.
 */
export function keyPressMilliseconds(environment: Readonly<Record<string, string | undefined>>): number {
  return environment.npm_config_user_agent === undefined ? 100 : 1000;
}

function stopText(name: StopSignal): string {
  return name === 'SIGINT'
    ? 'Stopping: ending the run and the bookkeeping. Ctrl-C again stops at once.'
    : `Stopping, because of ${name}: ending the run and the bookkeeping.`;
}
