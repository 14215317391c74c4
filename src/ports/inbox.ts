/**
 * What other processes ask of a running study.
 */

/** End the study: after the experiment in hand, or at once. */
export interface StopRequest {
  readonly kind: 'stop';
  readonly isNow: boolean;
}

export type InboxMessage = StopRequest;

export interface Inbox {
  /** Takes the messages that arrived since the last call. */
  readonly take: () => Promise<readonly InboxMessage[]>;
}
