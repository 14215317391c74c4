/**
 * Hands an experiment in: by the inbox to the controller of a running study, else straight into the journal of one that
 * stands still.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { openFileArchive } from '../../adapters/archive/file-archive.ts';
import { journalPath, readSound } from '../../adapters/archive/read-journal.ts';
import { leaveMessage, takeBack } from '../../adapters/file-inbox.ts';
import { findHolder } from '../../adapters/run-lock.ts';
import { ok, StudyError } from '../../core/base/errors.ts';
import { foldHistory } from '../../core/journal/fold.ts';
import { nextNumber } from '../../core/journal/history.ts';
import type { HandIn } from '../../ports/inbox.ts';
import type { FoundStudy } from '../study-folder/studies.ts';
import { withIdleStudy } from './idle-study.ts';

export interface HandedInNumber {
  readonly experiment: number;
  /** Whether a controller works on the study now. */
  readonly isRunning: boolean;
}

/** Time between two looks at the journal. */
const pauseMilliseconds = 250;
/** A controller looks at its inbox twice a second, but for the git work between two runs. */
const maxWaitMilliseconds = 120_000;

/** Gives the experiment its number, which does not change; nothing is handed in when it throws. */
export async function handIn(study: FoundStudy, handed: HandIn): Promise<HandedInNumber> {
  const holder = await findHolder(study.folder);
  if (!holder) return { experiment: await journal(study, handed), isRunning: false };
  const id = await leaveMessage(study.folder, handed);
  for (let waited = 0; waited < maxWaitMilliseconds; waited += pauseMilliseconds) {
    const experiment = numberOf(study, id);
    if (experiment !== undefined) return { experiment, isRunning: true };
    if (!(await findHolder(study.folder))) return await afterController(study, handed, id);
    await delay(pauseMilliseconds);
  }
  const isLeft = await takeBack(study.folder, id);
  const experiment = numberOf(study, id);
  if (isLeft && experiment === undefined) {
    throw new StudyError(
      `The controller of study ${study.tag}, process ${holder.pid}, did not answer within ${maxWaitMilliseconds / 1000} s; nothing was handed in.`,
      { hint: 'See what it does with `nocturne status`, and try again.' },
    );
  }
  ok(experiment !== undefined, 'what is taken from the inbox is in the journal');
  return { experiment, isRunning: true };
}

/** The controller ended meanwhile, before or after it gave a number. */
async function afterController(study: FoundStudy, handed: HandIn, id: string): Promise<HandedInNumber> {
  // A controller that was killed may have journalled what it left in the inbox.
  await takeBack(study.folder, id);
  return { experiment: numberOf(study, id) ?? (await journal(study, handed)), isRunning: false };
}

function numberOf({ folder }: FoundStudy, id: string): number | undefined {
  for (const entry of readSound(journalPath(folder))) {
    if (entry.event === 'handed-in' && entry.id === id) return entry.experiment;
  }
  return undefined;
}

/** Adds it to the journal of a study that nothing works on. */
async function journal({ folder, tag }: FoundStudy, { kind: _, ...handed }: HandIn): Promise<number> {
  return withIdleStudy(folder, tag, async () => {
    const archive = await openFileArchive(folder, () => new Date().toISOString());
    try {
      const history = foldHistory(await archive.entries());
      ok(history !== undefined, 'a study that was found has begun');
      const experiment = nextNumber(history);
      await archive.append({ event: 'handed-in', experiment, id: `${experiment} by the command`, ...handed });
      return experiment;
    } finally {
      await archive.close();
    }
  });
}
