/**
 * A timer of the time in which this process runs: while it is stopped, or its machine sleeps, none passes.
 *
 * An ordinary one is over as soon as a process that stood still goes on, before it has read what came meanwhile.
 */

const steps = 10;
const longestStepMilliseconds = 1000;

/** Calls `end` once after so long; gives the function that takes this back. Until then it keeps the process alive. */
export function afterRunning(milliseconds: number, end: () => void): () => void {
  const step = Math.min(longestStepMilliseconds, milliseconds / steps);
  let left = milliseconds;
  let timer: NodeJS.Timeout;
  const wait = () => {
    timer = setTimeout(() => {
      left -= step;
      if (left <= 0) end();
      else wait();
    }, step);
  };
  wait();
  return () => clearTimeout(timer);
}
