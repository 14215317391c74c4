/** Waiting for a fact, where a test would otherwise sleep. */
import { vi } from 'vitest';

/** Looks every 10 ms whether it is so; fails after 100 s, or as long as is said, before the test that waits does. */
export async function until(isSo: () => boolean, timeout = 100_000): Promise<void> {
  await vi.waitUntil(isSo, { timeout, interval: 10 });
}
