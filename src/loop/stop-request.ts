/**
 * Whether the owner wants the study to stop: by a signal (Ctrl-C) or through the inbox (`nocturne stop`). Asking
 * empties the inbox, so the owner's notes, hand-ins and words are passed on here.
 */
import { createTurns } from '../core/base/turns.ts';
import type { OwnerWord } from '../core/journal/owner-word.ts';
import type { HandIn, Inbox, InboxMessage } from '../ports/inbox.ts';

export type StopWanted = 'no' | 'after-experiment' | 'now';

export interface StopRequestOptions {
  readonly inbox: Inbox;
  readonly signal: AbortSignal;
  /** Resolves when the note is in the journal. */
  readonly readNote: (text: string, id: string) => Promise<void>;
  /** Resolves when the journal has given it its number. */
  readonly takeHandIn: (handIn: HandIn, id: string) => Promise<void>;
  /** Resolves when the journal has it, or when it is thrown away. */
  readonly takeWord: (word: OwnerWord, id: string) => Promise<void>;
  /** Resolves when the journal knows of a stop of this kind; it is called again at each look while one is wanted. */
  readonly noteStop: (wanted: Exclude<StopWanted, 'no'>) => Promise<void>;
}

/** Looks at both; once wanted, a stop stays wanted, and `now` outranks `after-experiment`. */
export function createStopRequest(options: StopRequestOptions): () => Promise<StopWanted> {
  const { inbox, signal, readNote, takeHandIn, takeWord, noteStop } = options;
  let wanted: StopWanted = 'no';
  // One look at a time: two at once would both take the same message.
  const turns = createTurns();
  const handle = async (message: InboxMessage, id: string) => {
    if (message.kind === 'note') await readNote(message.text, id);
    else if (message.kind === 'try') await takeHandIn(message, id);
    else if (message.kind !== 'stop') await takeWord(message, id);
    else wanted = message.isNow || wanted === 'now' ? 'now' : 'after-experiment';
  };
  const look = async (): Promise<StopWanted> => {
    await inbox.take(handle);
    const answer = signal.aborted ? 'now' : wanted;
    if (answer !== 'no') await noteStop(answer);
    return answer;
  };
  return () => turns(look);
}

/** What stops the study: the name of the signal to the controller, which its abort gives as the reason, or `request`. */
export function stopperOf({ aborted, reason }: AbortSignal): string {
  if (!aborted) return 'request';
  return typeof reason === 'string' ? reason : 'signal';
}
