/**
 * An inbox in memory, into which a test puts messages.
 */
import { randomUUID } from 'node:crypto';
import type { Inbox, InboxMessage } from '../ports/inbox.ts';

export interface MemoryInbox extends Inbox {
  /** Leaves a message, which the study reads when it next empties its inbox. */
  readonly leave: (message: InboxMessage) => void;
}

/** An inbox without messages. */
export function createMemoryInbox(): MemoryInbox {
  const waiting: (readonly [id: string, message: InboxMessage])[] = [];
  return {
    leave: (message) => {
      waiting.push([randomUUID(), message]);
    },
    take: async (handle) => {
      for (let first = waiting[0]; first; first = waiting[0]) {
        await handle(first[1], first[0]);
        waiting.shift();
      }
    },
  };
}
