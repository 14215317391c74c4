/** A folder for thousands of small durable writes: in memory where the system has such a place, so that nothing waits for a disk. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that is gone after the test. */
export function fastFolder(): string {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'nocturne-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
