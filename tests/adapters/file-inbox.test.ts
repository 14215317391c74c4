import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { leaveMessage, openFileInbox } from '../../src/adapters/file-inbox.ts';
import { SettingsError } from '../../src/core/base/errors.ts';
import type { Inbox, InboxMessage } from '../../src/ports/inbox.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';

const note = (text: string) => ({ kind: 'note', text }) as const;
const stop = { kind: 'stop', isNow: true } as const;

async function takeAll(inbox: Inbox): Promise<InboxMessage[]> {
  const taken: InboxMessage[] = [];
  await inbox.take(async (message) => void taken.push(message));
  return taken;
}

test('messages are taken once, the oldest first', async () => {
  const folder = temporaryFolder();
  const inbox = await openFileInbox(folder);
  vi.useFakeTimers({ toFake: ['Date'], now: 1000 });
  onTestFinished(() => void vi.useRealTimers());
  await leaveMessage(folder, note('one'));
  vi.setSystemTime(1001);
  await leaveMessage(folder, stop);
  expect(await takeAll(inbox)).toEqual([note('one'), stop]);
  expect(await takeAll(inbox)).toEqual([]);
});

test('a stop that was meant for an earlier session is thrown away, a note waits', async () => {
  const folder = temporaryFolder();
  await leaveMessage(folder, stop);
  await leaveMessage(folder, note('one'));
  expect(await takeAll(await openFileInbox(folder))).toEqual([note('one')]);
});

test('a message that could not be handled is met again, with the same id', async () => {
  const folder = temporaryFolder();
  const inbox = await openFileInbox(folder);
  await leaveMessage(folder, note('one'));
  const ids: string[] = [];
  const fail = async (_: InboxMessage, id: string) => {
    ids.push(id);
    throw new Error('a full disk');
  };
  await expect(inbox.take(fail)).rejects.toThrow('a full disk');
  await (await openFileInbox(folder)).take(async (_, id) => void ids.push(id));
  expect(ids).toEqual([ids[0], ids[0]]);
});

test('a file in place of the inbox is one sentence, for both sides', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'inbox'), '');
  const sentence = `${join(folder, 'inbox')} must be a folder that can be written, found a file in its place.`;
  // One after the other: a promise that is rejected before it is awaited is an unhandled rejection.
  for (const open of [() => openFileInbox(folder), () => leaveMessage(folder, stop)]) {
    const refusal: unknown = await open().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(SettingsError);
    expect((refusal as SettingsError).message).toBe(sentence);
  }
});

test('a pipe among the messages holds up none of them', { timeout: 20_000 }, async () => {
  const folder = temporaryFolder();
  await leaveMessage(folder, note('one'));
  execFileSync('mkfifo', [join(folder, 'inbox', '0.json')]);
  expect(await takeAll(await openFileInbox(folder))).toEqual([note('one')]);
});

test('what is no message is thrown away, and a half-written one is let be', async () => {
  const folder = temporaryFolder();
  const inbox = await openFileInbox(folder);
  mkdirSync(join(folder, 'inbox', 'folder.json'));
  for (const [name, text] of Object.entries({ 'a.json': '{', 'b.json': '{"kind":"nonsense"}', 'c.json.part': '{' })) {
    writeFileSync(join(folder, 'inbox', name), text);
  }
  expect(await takeAll(inbox)).toEqual([]);
  expect(readdirSync(join(folder, 'inbox'))).toEqual(['c.json.part', 'folder.json']);
});

test('an experiment that the journal could not hold is no message', async () => {
  const folder = temporaryFolder();
  const handIn = { kind: 'try', title: 'rate', hypothesis: '', files: { 'train.py': '' }, from: 0 } as const;
  const inbox = await openFileInbox(folder);
  await leaveMessage(folder, { ...handIn, title: '' });
  await leaveMessage(folder, { ...handIn, title: 'x'.repeat(201) });
  await leaveMessage(folder, { ...handIn, hypothesis: 'x'.repeat(4001) });
  await leaveMessage(folder, { ...handIn, from: -1 });
  expect(await takeAll(inbox)).toEqual([]);
  await leaveMessage(folder, handIn);
  expect(await takeAll(inbox)).toEqual([handIn]);
});
