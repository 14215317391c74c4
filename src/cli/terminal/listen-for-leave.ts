/**
 * How the owner leaves a command that only shows: Ctrl-C anywhere, `q` on a terminal.
 */
export interface LeaveSignal {
  readonly signal: AbortSignal;
  /** Whether it was a signal rather than `q`. */
  readonly wasInterrupted: () => boolean;
  readonly dispose: () => void;
}

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Listens until disposed; the terminal is given back as it was. */
export function listenForLeave(): LeaveSignal {
  const controller = new AbortController();
  let isInterrupted = false;
  const interrupt = () => {
    isInterrupted = true;
    controller.abort();
  };
  const { stdin } = process;
  const onKey = (key: Buffer) => {
    const text = key.toString();
    // A terminal in raw mode sends Ctrl-C as a key.
    if (text.includes('\u0003')) interrupt();
    else if (/q/i.test(text)) controller.abort();
  };
  for (const name of names) process.on(name, interrupt);
  if (stdin.isTTY) stdin.setRawMode(true).on('data', onKey);
  return {
    signal: controller.signal,
    wasInterrupted: () => isInterrupted,
    dispose: () => {
      for (const name of names) process.off(name, interrupt);
      if (stdin.isTTY) stdin.off('data', onKey).setRawMode(false).pause();
    },
  };
}
