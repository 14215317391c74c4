/** Waiting for a fact, where a test would otherwise sleep. */
import { readFileSync } from 'node:fs';
import { vi } from 'vitest';

/** Looks every 10 ms whether it is so; fails after 100 s, or as long as is said, before the test that waits does. */
export async function until(isSo: () => boolean, timeout = 100_000): Promise<void> {
  await vi.waitUntil(isSo, { timeout, interval: 10 });
}

/** Until a process that the test does not hold, such as a detached run, has ended; one that nobody has reaped has. */
export async function untilEnded(pid: number): Promise<void> {
  await until(() => {
    try {
      return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return true;
    }
  });
}
