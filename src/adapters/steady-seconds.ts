/**
 * Seconds since this process began, on a clock that nobody can set: what is decided by a time is decided by this one.
 *
 * On Linux it stands still while the machine sleeps, as the clock does that training scripts measure their budget with.
 */
export function steadySeconds(): number {
  return performance.now() / 1000;
}
