/**
 * An action that is waited for no longer once a signal is aborted, whether it listens to that or not.
 */

/** The result of the action; rejects with the signal's reason as soon as that is aborted, and begins nothing where it is already. */
export async function unlessAborted<Result>(
  signal: AbortSignal | undefined,
  act: () => Promise<Result>,
): Promise<Result> {
  if (signal === undefined) return act();
  signal.throwIfAborted();
  const { promise, reject } = withRejection<Result>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([act(), promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function withRejection<Result>() {
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<Result>((_, refuse) => {
    reject = refuse;
  });
  return { promise, reject };
}
