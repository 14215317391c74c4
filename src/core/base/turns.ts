/**
 * What is done one after the other, though it is asked for at once.
 */

/** Does what it is given when all that it was given before is done, whether or not that failed; gives what comes of it. */
export type Turns = <Result>(act: () => Promise<Result>) => Promise<Result>;

/** A queue of its own, with nothing in it. */
export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const acting = last.then(act);
    last = acting.catch(() => undefined);
    return acting;
  };
}
