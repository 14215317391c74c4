/**
 * Whether a person wants the study to stop: by a signal (Ctrl-C) or through the inbox (`nocturne stop`).
 */
import type { Inbox } from '../ports/inbox.ts';

export type StopWanted = 'no' | 'after-experiment' | 'now';

/** Asks both ways; once wanted, a stop stays wanted, and `now` outranks `after-experiment`. */
export function createStopRequest(inbox: Inbox, signal: AbortSignal): () => Promise<StopWanted> {
  let wanted: StopWanted = 'no';
  return async () => {
    for (const { isNow } of await inbox.take()) wanted = isNow || wanted === 'now' ? 'now' : 'after-experiment';
    return signal.aborted ? 'now' : wanted;
  };
}
