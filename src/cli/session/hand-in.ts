/**
 * Hands an experiment in, to a study that is running or stands still.
 */
import { nextNumber } from '../../core/journal/history.ts';
import type { HandIn } from '../../ports/inbox.ts';
import type { FoundStudy } from '../study-folder/studies.ts';
import { reachStudy } from './reach-study.ts';

export interface HandedInNumber {
  readonly experiment: number;
  /** Whether a controller works on the study now. */
  readonly isRunning: boolean;
}

/** Gives the experiment its number, which does not change; nothing is handed in when it throws. */
export async function handIn(study: FoundStudy, handed: HandIn): Promise<HandedInNumber> {
  const { kind: _, ...given } = handed;
  const { answer: experiment, isRunning } = await reachStudy(study, {
    message: handed,
    answerIn: (entry, id) => (entry.event === 'handed-in' && entry.id === id ? entry.experiment : undefined),
    journal: async (archive, history) => {
      const number = nextNumber(history);
      await archive.append({ event: 'handed-in', experiment: number, id: `${number} by the command`, ...given });
      return number;
    },
  });
  return { experiment, isRunning };
}
