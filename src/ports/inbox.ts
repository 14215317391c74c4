/**
 * What other processes ask of a study, whether it is running or not. An `OwnerWord` waits until a session reads it.
 */

import type { OwnerWord } from '../core/journal/owner-word.ts';
import type { Hidden } from '../core/journal/proposal.ts';

/** End the study: after the experiment that is running, or at once. A later session ignores it. */
export interface StopRequest {
  readonly kind: 'stop';
  readonly isNow: boolean;
}

/** A note of the owner to the researcher; it waits until a session reads it. */
export interface OwnerNote {
  readonly kind: 'note';
  readonly text: string;
}

/** An experiment of the owner's, or of an agent that drives the study; it waits until a session gives it a number. */
export interface HandIn {
  readonly kind: 'try';
  readonly title: string;
  readonly hypothesis: string;
  /** The editable files as they are to be run. */
  readonly files: Readonly<Record<string, string>>;
  /** The experiment whose code it was made from. */
  readonly from: number;
  /** Where in that code the secrets stand whose marks the files have. */
  readonly hidden?: Hidden | undefined;
}

export type InboxMessage = StopRequest | OwnerNote | HandIn | OwnerWord;

export interface Inbox {
  /**
   * Hands over the messages that arrived since the last call, oldest first. Each is removed once `handle` has resolved;
   * after a crash it may come again, with the same id.
   */
  readonly take: (handle: (message: InboxMessage, id: string) => Promise<void>) => Promise<void>;
}
