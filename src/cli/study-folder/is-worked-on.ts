/**
 * Whether a controller works on a study now.
 */
import { join } from 'node:path';
import { exists } from '../../adapters/files/exists.ts';
import { lockFile } from '../../adapters/files/study-files.ts';

/** Whether a process holds the lock of this study's folder; what finds that out is loaded only where there is a lock. */
export async function isWorkedOn(studyFolder: string): Promise<boolean> {
  if (!(await exists(join(studyFolder, lockFile)))) return false;
  const { findHolder } = await import('../../adapters/run-lock.ts');
  return (await findHolder(studyFolder)) !== undefined;
}
