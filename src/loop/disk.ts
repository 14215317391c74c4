/**
 * A disk that is full in the middle of a study: a run that failed for want of room is lost and says nothing about its candidate,
 * unless it filled the disk itself; it is run again when there is room for it.
 */
import { experimentOf } from '../core/journal/history.ts';
import type { RunResult } from '../core/journal/run.ts';
import { diskTroubleOf, mayBeDiskTrouble, withDiskTrouble } from '../core/run/disk-trouble.ts';
import type { RunKey, RunOutputs } from '../ports/run-folders.ts';
import type { Study } from './study.ts';

const lookSeconds = 0.5;

/** The result of a run, lost where there was no room for what it had to write. */
export async function withRoomTrouble(
  study: Study,
  key: RunKey,
  result: RunResult,
  { trainLog, scoreLog = '' }: RunOutputs,
): Promise<RunResult> {
  const { disk } = study.lab;
  const free = await disk?.free();
  if (!disk || free === undefined || !mayBeDiskTrouble(result, `${trainLog}\n${scoreLog}`, free)) return result;
  const history = study.history();
  const isBest = key.experiment === history.incumbent && key.confirmation === undefined;
  const usual = isBest ? 0 : await disk.used({ experiment: history.incumbent, run: 1 });
  const state = { free, used: await disk.used(key), usual };
  return withDiskTrouble(result, diskTroubleOf(state), state);
}

/** Waits until there is room for a run that was lost for want of it; a stop of any kind ends the wait. */
export async function awaitRoomToRun(study: Study, { experiment, confirmation }: RunKey): Promise<void> {
  const { disk, emit, pause } = study.lab;
  const needed = confirmation ? undefined : neededBytes(study, experiment);
  if (!disk || needed === undefined || (await disk.free()) >= needed) return;
  emit({ event: 'room-awaited', free: await disk.free() });
  await disk.noteWait(true);
  while ((await disk.free()) < needed && (await study.stopWanted()) === 'no') await pause(lookSeconds, study.signal);
  await disk.noteWait(false);
  emit({ event: 'room-found' });
}

function neededBytes(study: Study, experiment: number): number | undefined {
  return experimentOf(study.history(), experiment).runs.findLast((run) => run.result)?.result?.disk?.needed;
}
