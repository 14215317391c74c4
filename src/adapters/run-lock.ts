/**
 * Lets only one controller work on a study: a lock file, created atomically, that names its holder.
 */
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { SettingsError } from '../core/base/errors.ts';
import { identifyProcess, isSameProcess } from './engines/process-identity.ts';
import { contentOf, readJson } from './files/read-json.ts';
import { lockFile } from './files/study-files.ts';

export interface RunLock {
  readonly release: () => Promise<void>;
}

const holderSchema = z.object({
  pid: z.number().int().min(1),
  startTime: z.string(),
  bootId: z.string(),
  host: z.string(),
  since: z.string(),
});
type Holder = Readonly<z.infer<typeof holderSchema>>;

/**
 * Takes the study's lock; one whose holder is dead, or that names no holder, is taken over. A SettingsError names the
 * holder who is alive.
 */
export async function takeRunLock(studyFolder: string, tag: string, now: () => string): Promise<RunLock> {
  await mkdir(studyFolder, { recursive: true });
  return takeLock(join(studyFolder, lockFile), now, (holder) => held(tag, holder));
}

/** Takes the lock that this file is, in the same way; throws what `refusal` makes of a holder who is alive. */
export async function takeLock(
  path: string,
  now: () => string,
  refusal: (holder: Holder) => SettingsError,
): Promise<RunLock> {
  const mine: Holder = { ...(await identifyProcess(process.pid)), host: hostname(), since: now() };
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(mine));
  try {
    for (let round = 0; round < 50; round++) {
      if (await linkOnce(temporary, path)) return { release: () => release(path, mine) };
      const holder = await readHolder(path);
      if (holder && (holder.host !== hostname() || (await isSameProcess(holder)))) throw refusal(holder);
      await breakLock(path, temporary);
    }
    throw new SettingsError(`The lock ${path} could not be taken: others keep taking it.`);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** The controller that works on the study now; undefined when none does. */
export async function findHolder(studyFolder: string): Promise<Holder | undefined> {
  const holder = await readHolder(join(studyFolder, lockFile));
  return holder && (await isSameProcess(holder)) ? holder : undefined;
}

/**
 * Removes a dead holder's lock. Only one process may do so at a time: between seeing that the holder is dead and
 * removing the file, another could have removed it and taken the lock, and its live lock would be removed.
 */
async function breakLock(path: string, temporary: string): Promise<void> {
  const breaking = `${path}.breaking`;
  if (!(await linkOnce(temporary, breaking))) {
    const breaker = await readHolder(breaking);
    if (!breaker || !(await isSameProcess(breaker))) await removeLock(breaking);
    await delay(20);
    return;
  }
  const holder = await readHolder(path);
  if (!holder || !(await isSameProcess(holder))) await removeLock(path);
  await rm(breaking, { force: true });
}

/** Removes what a process left that died while it removed a dead holder's lock. */
export async function removeDeadBreaker(studyFolder: string): Promise<void> {
  const breaking = `${join(studyFolder, lockFile)}.breaking`;
  const breaker = await readHolder(breaking);
  if (!breaker || !(await isSameProcess(breaker))) await rm(breaking, { force: true });
}

async function linkOnce(from: string, to: string): Promise<boolean> {
  return link(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
}

/** Undefined when there is no lock file, or when its content names no holder. */
async function readHolder(path: string): Promise<Holder | undefined> {
  return contentOf(await readJson(path, holderSchema));
}

async function removeLock(path: string): Promise<void> {
  await rm(path, { force: true }).catch((cause: NodeJS.ErrnoException) => {
    const found = cause.code === 'ERR_FS_EISDIR' ? 'a folder' : `something that cannot be removed (${cause.code})`;
    throw new SettingsError(`${path} must be a lock file, found ${found}.`, {
      hint: 'Move it out of the way, and run the study again.',
      cause,
    });
  });
}

async function release(path: string, mine: Holder): Promise<void> {
  const holder = await readHolder(path);
  if (holder?.pid === mine.pid && holder.startTime === mine.startTime) await rm(path, { force: true });
}

function held(tag: string, holder: Holder): SettingsError {
  return new SettingsError(
    `Study ${tag} is being worked on by process ${holder.pid} on ${holder.host}, since ${holder.since}.`,
    {
      hint: `Watch it with \`nocturne watch --tag ${tag}\`, end it with \`nocturne stop --tag ${tag}\`, or choose another --tag.`,
    },
  );
}
