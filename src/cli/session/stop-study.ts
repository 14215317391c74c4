/**
 * Asks the controller of a study to end it; of a study that nothing works on, gives back what is rented.
 */
import { leaveMessage } from '../../adapters/file-inbox.ts';
import { findHolder } from '../../adapters/run-lock.ts';
import { SettingsError } from '../../core/base/errors.ts';
import type { FoundStudy } from '../study-folder/studies.ts';
import { withIdleStudy } from './idle-study.ts';
import { giveBackRented } from './rented.ts';

/** What `nocturne stop --json` prints: the controller that was asked, or what was given back of a study that stood still. */
export type StopAnswer =
  | { readonly tag: string; readonly pid: number; readonly now: boolean }
  | { readonly tag: string; readonly givenBack: readonly string[] };

/** What was asked, in words. */
export function stopSentence(answer: StopAnswer): string {
  if ('givenBack' in answer) return `Study ${answer.tag} was not running. Given back: ${answer.givenBack.join(', ')}.`;
  return `Asked process ${answer.pid} to end study ${answer.tag}${answer.now ? ' now' : ' after this experiment'}.`;
}

/**
 * Asks for the end after the experiment in hand, or of the run in flight too. Throws a SettingsError where there is
 * nothing to stop.
 */
export async function stopStudy(
  { tag, folder }: FoundStudy,
  isNow: boolean,
  say: (line: string) => void,
): Promise<StopAnswer> {
  const holder = await findHolder(folder);
  if (holder) {
    await leaveMessage(folder, { kind: 'stop', isNow });
    return { tag, pid: holder.pid, now: isNow };
  }
  const givenBack = await withIdleStudy(folder, tag, () => giveBackRented(folder, say));
  if (givenBack.length > 0) return { tag, givenBack };
  throw new SettingsError(`Study ${tag} is not running, so there is nothing to stop.`, {
    hint: `See where it stands with \`nocturne status --tag ${tag}\`.`,
  });
}
