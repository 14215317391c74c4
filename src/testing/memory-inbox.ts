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
  let waiting: InboxMessage[] = [];
  return {
    leave: (message) => {
      waiting.push(message);
    },
    take: async () => {
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
}
