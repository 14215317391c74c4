/**
 * What a controller that was killed left lying: unfinished files, temporary indexes and objects, a half-taken lock, a smoke run,
 * and folders among the temporary files of the machine.
 *
 * Removed by the next controller, which holds the study's lock. It knows what is its own by names that nothing else has, and what
 * is left over by the process in them that is gone.
 */
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findSupervisors } from './engines/find-supervisors.ts';
import { removeTree } from './files/remove-tree.ts';
import { lockFile } from './files/study-files.ts';
import { partName } from './git/loose-objects.ts';
import { removeDeadBreaker } from './run-lock.ts';
import { temporaryPattern } from './temporary-name.ts';

/** Removes what is left over in a study's folder and among temporary files. It must hold the study's lock. */
export async function removeLitter(studyFolder: string): Promise<void> {
  await Promise.all([sweepStudy(studyFolder), sweepTemporary(tmpdir()), removeDeadBreaker(studyFolder)]);
}

const unfinished = /\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/;
const ownFiles = [
  new RegExp(`^(?:export-\\w+\\.)?${lockFile}\\.(\\d+)$`),
  /^index-(\d+)-\d+(?:\.lock)?$/,
  new RegExp(`^${partName}(\\d+)-[0-9a-f]+$`),
  /^host-(\d+)\.sock$/,
];
/** Folders in which there are jobs; the trees of runs are not looked into. */
const folders = /^(?:\d{4,}|base|run-\d+|holdout-\d+|confirm-\d+)$/;

async function sweepStudy(top: string): Promise<void> {
  const running = await findSupervisors(top);
  const sweep = async (folder: string, hasContenders = false): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (hasContenders || folders.test(entry.name)) await sweep(path, entry.name.startsWith('confirm-'));
        // A smoke run that goes on will be swept after it has ended.
        else if (isAbandoned(entry.name) && running.length === 0) await removeTree(path);
      } else if (unfinished.test(entry.name) || (folder === top && isOfDead(entry.name, ownFiles))) {
        await rm(path, { force: true });
      }
    }
  };
  await sweep(top);
}

function isAbandoned(name: string): boolean {
  return /^(?:smoke-[0-9a-f]{8}|canary-\w{6})$/.test(name);
}

async function sweepTemporary(folder: string): Promise<void> {
  const form = temporaryPattern();
  for (const entry of await readdir(folder).catch(() => [])) {
    // What belongs to another user cannot be removed, and is none of ours.
    if (isOfDead(entry, [form])) await removeTree(join(folder, entry)).catch(() => {});
  }
}

/** Whether a name is of one of these forms, and the process in it is gone. In a container the next one often has the same number. */
function isOfDead(name: string, forms: readonly RegExp[]): boolean {
  const [, pid] = forms.map((form) => form.exec(name)).find((match) => match !== null) ?? [];
  return pid !== undefined && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Someone else's is alive too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
