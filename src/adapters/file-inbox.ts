/**
 * The inbox as a folder: other processes drop files into `runs/<tag>/inbox/` by renaming, the controller takes them.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SettingsError } from '../core/base/errors.ts';
import { ownerWordSchemas } from '../core/journal/owner-word.ts';
import { hiddenSchema, proposalSchema } from '../core/journal/proposal.ts';
import type { Inbox, InboxMessage } from '../ports/inbox.ts';
import { exists } from './files/exists.ts';
import { contentOf, readJson } from './files/read-json.ts';
import { writeWhole } from './files/write-whole.ts';

const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stop'), isNow: z.boolean() }),
  z.object({ kind: z.literal('note'), text: z.string() }),
  ...ownerWordSchemas,
  z.object({
    kind: z.literal('try'),
    title: proposalSchema.shape.title,
    hypothesis: proposalSchema.shape.hypothesis,
    files: z.record(z.string(), z.string()),
    from: z.number().int().nonnegative(),
    hidden: hiddenSchema.optional(),
  }),
]);

/** The controller's side. Stop requests that were left for an earlier session are thrown away; all else waits. */
export async function openFileInbox(studyFolder: string): Promise<Inbox> {
  const folder = await makeInbox(studyFolder);
  for (const name of await listMessages(folder)) {
    const kind = (await readMessage(folder, name))?.kind;
    if (kind === undefined || kind === 'stop') await rm(join(folder, name), { force: true });
  }
  return {
    take: async (handle) => {
      for (const name of await listMessages(folder)) {
        const message = await readMessage(folder, name);
        if (message) await handle(message, name.slice(0, -suffix.length));
        await rm(join(folder, name), { force: true });
      }
    },
  };
}

/**
 * The other processes' side: leaves a message for the study's controller, of this session or a later one; gives its id.
 */
export async function leaveMessage(studyFolder: string, message: InboxMessage): Promise<string> {
  const folder = await makeInbox(studyFolder);
  const id = `${Date.now()}-${randomUUID()}`;
  await writeWhole(join(folder, `${id}${suffix}`), JSON.stringify(message));
  return id;
}

/** Takes a message back that no controller has taken; false when it is gone. */
export async function takeBack(studyFolder: string, id: string): Promise<boolean> {
  const path = join(studyFolder, 'inbox', `${id}${suffix}`);
  return rm(path).then(
    () => true,
    () => false,
  );
}

/** Whether a message still waits. */
export async function isLeft(studyFolder: string, id: string): Promise<boolean> {
  return exists(join(studyFolder, 'inbox', `${id}${suffix}`));
}

async function makeInbox(studyFolder: string): Promise<string> {
  const folder = join(studyFolder, 'inbox');
  await mkdir(folder, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    const found = cause.code === 'EEXIST' ? 'a file in its place' : cause.message;
    throw new SettingsError(`${folder} must be a folder that can be written, found ${found}.`, {
      hint: 'Move it out of the way, and try again.',
      cause,
    });
  });
  return folder;
}

const suffix = '.json';

/** The oldest first. */
async function listMessages(folder: string): Promise<string[]> {
  // The folder may be gone when the owner tidied up while the study runs.
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => entry.name)
    .sort();
}

/** Undefined for what is no message. */
async function readMessage(folder: string, name: string): Promise<InboxMessage | undefined> {
  return contentOf(await readJson(join(folder, name), messageSchema));
}
