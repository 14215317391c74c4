/**
 * A disk that is full ends no study: what could not be written is tried again until there is room. Every call that changes
 * something outside the controller is an idempotent redo, so that trying it again is safe.
 */
import { type ResearchError, StudyError } from '../core/base/errors.ts';
import { isFullDisk } from '../core/base/full-disk.ts';
import type { Lab } from '../ports/lab.ts';

/** Waits between two tries: from this on, each twice the one before. */
const minSeconds = 0.5;
const maxSeconds = 15;

/** The calls of each port that write. */
const writing = {
  archive: ['append', 'look', 'keep'],
  workspace: ['adoptStart', 'commitCandidate', 'commitContender', 'commitKeep', 'moveBranch'],
  runFolders: ['layBase', 'sealBase', 'lay', 'laySmoke', 'outputs', 'layHoldout', 'holdoutOutputs', 'discard'],
  engine: ['submit', 'poll', 'collect'],
  researcher: ['propose'],
  disk: ['requireRoom'],
} as const;

/** The lab whose calls wait for room where the disk is full; the signal ends the wait, and the call then fails. */
export function withRoom<Kind extends Lab>(lab: Kind, signal: AbortSignal): Kind {
  const waits = createWaits(lab, signal);
  const ports = Object.entries(writing)
    .filter(([name]) => lab[name as keyof typeof writing] !== undefined)
    .map(([name, methods]) => {
      const port = lab[name as keyof typeof writing] as object;
      const wrapped = Object.entries(port).filter(([key]) => (methods as readonly string[]).includes(key));
      const waiting = wrapped.map(([key, method]) => [
        key,
        (...args: unknown[]) => waits(() => method.apply(port, args)),
      ]);
      return [name, { ...port, ...Object.fromEntries(waiting) }];
    });
  // What a lab says anew each time, such as its slots, stays so.
  const { getOwnPropertyDescriptors } = Object;
  const own = { ...getOwnPropertyDescriptors(lab), ...getOwnPropertyDescriptors(Object.fromEntries(ports)) };
  return Object.defineProperties({}, own) as Kind;
}

/** Gives the result of an action, tried until the disk has room for it; of several that wait at once, the wait is said once. */
function createWaits({ emit, disk, pause }: Lab, signal: AbortSignal) {
  let waiting = 0;
  const begin = async () => {
    waiting += 1;
    if (waiting > 1) return;
    emit({ event: 'room-awaited', free: (await disk?.free()) ?? 0 });
    await disk?.noteWait(true);
  };
  const end = async (isGivenUp: boolean) => {
    waiting -= 1;
    if (waiting > 0) return;
    await disk?.noteWait(false);
    if (!isGivenUp) emit({ event: 'room-found' });
  };
  const untilRoom = async <Result>(act: () => Promise<Result>, found: unknown): Promise<Result> => {
    let error = found;
    for (let wait = minSeconds; ; wait = Math.min(maxSeconds, wait * 2)) {
      if (!isFullDisk(error)) throw error;
      if (signal.aborted) throw noRoom(error);
      await pause(wait, signal);
      try {
        return await act();
      } catch (again) {
        error = again;
      }
    }
  };
  return async <Result>(act: () => Promise<Result>): Promise<Result> => {
    try {
      return await act();
    } catch (error) {
      if (!isFullDisk(error)) throw error;
      if (signal.aborted) throw noRoom(error);
      await begin();
      try {
        return await untilRoom(act, error);
      } finally {
        await end(signal.aborted);
      }
    }
  };
}

function noRoom(cause: unknown): ResearchError {
  return new StudyError('No room is left on the disk, so the study stopped without journalling it.', {
    hint: 'Make room and run it again: it goes on, and nothing that was journalled is lost.',
    cause,
  });
}
