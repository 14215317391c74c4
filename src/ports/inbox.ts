/**
 * What other processes ask of a study, running or not.
 */

/** End the study: after the experiment in hand, or at once. Means nothing to a later session. */
export interface StopRequest {
  readonly kind: 'stop';
  readonly isNow: boolean;
}

/** The owner's word to whoever proposes; it waits until a session reads it. */
export interface OwnerNote {
  readonly kind: 'note';
  readonly text: string;
}

export type InboxMessage = StopRequest | OwnerNote;

export interface Inbox {
  /**
   * Hands over the messages that arrived since the last call, oldest first. Each is forgotten once it was handled, so one
   * met again after a crash comes with the same id.
   */
  readonly take: (handle: (message: InboxMessage, id: string) => Promise<void>) => Promise<void>;
}
