/** A folder whose `node` is too old for this program. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-repo.ts';

/** To be put first on PATH. */
export function oldNode(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'node'), '#!/bin/sh\necho v18.19.1\n');
  chmodSync(join(folder, 'node'), 0o755);
  return folder;
}
