/**
 * Whether the owner wants the study to stop: by a signal (Ctrl-C) or through the inbox (`nocturne stop`). Asking
 * empties the inbox, so the owner's notes are passed on here.
 */
import type { Inbox, InboxMessage } from '../ports/inbox.ts';

export type StopWanted = 'no' | 'after-experiment' | 'now';

export interface StopRequestOptions {
  readonly inbox: Inbox;
  readonly signal: AbortSignal;
  /** Resolves when the note is in the journal. */
  readonly readNote: (text: string, id: string) => Promise<void>;
}

/** Looks at both; once wanted, a stop stays wanted, and `now` outranks `after-experiment`. */
export function createStopRequest({ inbox, signal, readNote }: StopRequestOptions): () => Promise<StopWanted> {
  let wanted: StopWanted = 'no';
  let looking: Promise<unknown> = Promise.resolve();
  const handle = async (message: InboxMessage, id: string) => {
    if (message.kind === 'note') await readNote(message.text, id);
    else wanted = message.isNow || wanted === 'now' ? 'now' : 'after-experiment';
  };
  return async () => {
    // One look at a time: two at once would both take the same message.
    const look = looking.then(() => inbox.take(handle));
    looking = look.catch(() => undefined);
    await look;
    return signal.aborted ? 'now' : wanted;
  };
}
