/**
 * The inbox as a folder: other processes drop files into `runs/<tag>/inbox/` by renaming, the controller takes them.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Inbox, InboxMessage } from '../ports/inbox.ts';

const messageSchema = z.object({ kind: z.literal('stop'), isNow: z.boolean() });

/** The controller's side. Messages that were left for an earlier session are thrown away. */
export async function openFileInbox(studyFolder: string): Promise<Inbox> {
  const folder = join(studyFolder, 'inbox');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return {
    take: async () => {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
      const messages: InboxMessage[] = [];
      for (const name of names) {
        const message = messageSchema.safeParse(parse(await readFile(join(folder, name), 'utf8')));
        if (message.success) messages.push(message.data);
        await rm(join(folder, name), { force: true });
      }
      return messages;
    },
  };
}

/** The other processes' side: leaves a message for the study's controller. */
export async function leaveMessage(studyFolder: string, message: InboxMessage): Promise<void> {
  const path = join(studyFolder, 'inbox', `${Date.now()}-${randomUUID()}.json`);
  await writeFile(`${path}.part`, JSON.stringify(message));
  await rename(`${path}.part`, path);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
