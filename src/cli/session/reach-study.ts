/**
 * Hands the owner's word to a study: by the inbox to the controller of a running one, else straight into the journal of one that
 * stands still. Either way it is in the journal when this resolves.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type FileArchive, openFileArchive } from '../../adapters/archive/file-archive.ts';
import { journalPath, readSound } from '../../adapters/archive/read-journal.ts';
import { isLeft, leaveMessage, takeBack } from '../../adapters/file-inbox.ts';
import { findHolder } from '../../adapters/run-lock.ts';
import { ok, StudyError } from '../../core/base/errors.ts';
import type { Entry } from '../../core/journal/entry.ts';
import { foldHistory } from '../../core/journal/fold.ts';
import type { History } from '../../core/journal/history.ts';
import type { InboxMessage } from '../../ports/inbox.ts';
import type { FoundStudy } from '../study-folder/studies.ts';
import { withIdleStudy } from './idle-study.ts';

export interface Word<Answer> {
  readonly message: InboxMessage;
  /** What the controller's entry for the message with this id says; undefined for any other entry. */
  readonly answerIn: (entry: Entry, id: string) => Answer | undefined;
  /** Journals it where nothing works on the study. */
  readonly journal: (archive: FileArchive, history: History) => Promise<Answer>;
}

export interface Reached<Answer> {
  readonly answer: Answer;
  /** Whether a controller works on the study now. */
  readonly isRunning: boolean;
}

/** Time between two looks at the journal. */
const pauseMilliseconds = 250;
/** A controller looks at its inbox twice a second, but for the git work between two runs. */
const maxWaitMilliseconds = 120_000;

/** What became of the word; nothing has changed when it throws. */
export async function reachStudy<Answer>(study: FoundStudy, word: Word<Answer>): Promise<Reached<Answer>> {
  const { folder, tag } = study;
  const holder = await findHolder(folder);
  if (!holder) return { answer: await journalled(study, word), isRunning: false };
  const id = await leaveMessage(folder, word.message);
  for (let waited = 0; waited < maxWaitMilliseconds; waited += pauseMilliseconds) {
    // Asked first: a message is removed once it is journalled.
    const isWaiting = await isLeft(folder, id);
    const answer = found(study, word, id);
    if (answer !== undefined) return { answer, isRunning: true };
    if (!isWaiting) throw thrownAway(tag);
    if (!(await findHolder(folder))) return afterController(study, word, id);
    await delay(pauseMilliseconds);
  }
  const wasLeft = await takeBack(folder, id);
  const answer = found(study, word, id);
  if (answer !== undefined) return { answer, isRunning: true };
  if (!wasLeft) throw thrownAway(tag);
  throw new StudyError(
    `The controller of study ${tag}, process ${holder.pid}, did not answer within ${maxWaitMilliseconds / 1000} s; nothing was changed.`,
    { hint: 'See what it does with `nocturne status`, and try again.' },
  );
}

/** The controller ended meanwhile, before or after it journalled the word. */
async function afterController<Answer>(study: FoundStudy, word: Word<Answer>, id: string): Promise<Reached<Answer>> {
  // A controller that was killed may have journalled what it left in the inbox.
  await takeBack(study.folder, id);
  return { answer: found(study, word, id) ?? (await journalled(study, word)), isRunning: false };
}

function found<Answer>({ folder }: FoundStudy, { answerIn }: Word<Answer>, id: string): Answer | undefined {
  for (const entry of readSound(journalPath(folder))) {
    const answer = answerIn(entry, id);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

async function journalled<Answer>({ folder, tag }: FoundStudy, { journal }: Word<Answer>): Promise<Answer> {
  return withIdleStudy(folder, tag, async () => {
    const archive = await openFileArchive(folder, () => new Date().toISOString());
    try {
      const history = foldHistory(await archive.entries());
      ok(history !== undefined, 'a study that was found has begun');
      return await journal(archive, history);
    } finally {
      await archive.close();
    }
  });
}

function thrownAway(tag: string): StudyError {
  return new StudyError(`The controller of study ${tag} could do nothing with it; its warnings say why.`, {
    hint: `See where the study stands with \`nocturne status --tag ${tag}\`.`,
  });
}
