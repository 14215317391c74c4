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
  engine: ['submit', 'collect'],
  researcher: ['propose'],
} as const;

/** The lab whose calls wait for room where the disk is full; the signal ends the wait, and the call then fails. */
export function withRoom<Kind extends Lab>(lab: Kind, signal: AbortSignal): Kind {
  const ports = Object.entries(writing).map(([name, methods]) => {
    const port = lab[name as keyof typeof writing] as object;
    const wrapped = Object.entries(port).filter(([key]) => (methods as readonly string[]).includes(key));
    const waiting = wrapped.map(([key, method]) => [
      key,
      (...args: unknown[]) => onceThereIsRoom(lab, signal, () => method.apply(port, args)),
    ]);
    return [name, { ...port, ...Object.fromEntries(waiting) }];
  });
  return { ...lab, ...Object.fromEntries(ports) };
}

/** The result of the action, tried until the disk has room for it. */
export async function onceThereIsRoom<Result>(
  lab: Pick<Lab, 'emit' | 'pause' | 'disk'>,
  signal: AbortSignal,
  act: () => Promise<Result>,
): Promise<Result> {
  let isWaiting = false;
  for (let wait = minSeconds; ; wait = Math.min(maxSeconds, wait * 2)) {
    try {
      const result = await act();
      if (isWaiting) await endWait(lab);
      return result;
    } catch (error) {
      if (!isFullDisk(error)) {
        if (isWaiting) await endWait(lab);
        throw error;
      }
      if (signal.aborted) throw noRoom(error);
      if (!isWaiting) await beginWait(lab);
      isWaiting = true;
      await lab.pause(wait, signal);
    }
  }
}

async function beginWait({ emit, disk }: Pick<Lab, 'emit' | 'disk'>): Promise<void> {
  emit({ event: 'room-awaited', free: (await disk?.free()) ?? 0 });
  await disk?.noteWait(true);
}

async function endWait({ emit, disk }: Pick<Lab, 'emit' | 'disk'>): Promise<void> {
  await disk?.noteWait(false);
  emit({ event: 'room-found' });
}

function noRoom(cause: unknown): ResearchError {
  return new StudyError('No room is left on the disk, so the study stopped without journalling it.', {
    hint: 'Make room and run it again: it goes on, and nothing that was journalled is lost.',
    cause,
  });
}
