/**
 * An inbox that a test drops messages into.
 */
import type { Inbox, InboxMessage } from '../ports/inbox.ts';

export interface MemoryInbox extends Inbox {
  /** Leaves a message for the study's next look. */
  readonly leave: (message: InboxMessage) => void;
}

/** An inbox without messages. */
export function createMemoryInbox(): MemoryInbox {
  const waiting: (readonly [id: string, message: InboxMessage])[] = [];
  let left = 0;
  return {
    leave: (message) => {
      left += 1;
      waiting.push([String(left), message]);
    },
    take: async (handle) => {
      for (let first = waiting[0]; first; first = waiting[0]) {
        await handle(first[1], first[0]);
        waiting.shift();
      }
    },
  };
}
