/**
 * Which study a `run` without a tag means.
 */
import { findUnfinishedTag, hasJournal } from '../study-folder/studies.ts';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] as const;

/** The newest study that could go on, else a new one named after today: `nov23`, then `nov23-2`. */
export function chooseTag(runs: string, asked: string | undefined, today: Date): string {
  if (asked !== undefined) return asked;
  const unfinished = findUnfinishedTag(runs);
  if (unfinished !== undefined) return unfinished;
  const name = `${months[today.getMonth()]}${String(today.getDate()).padStart(2, '0')}`;
  let tag = name;
  for (let count = 2; hasJournal(runs, tag); count++) tag = `${name}-${count}`;
  return tag;
}
