/**
 * How important each knob was, as the report and `nocturne space --importance` show it: from the journal alone.
 */
import type { History } from '../../journal/history.ts';
import { type Importance, measureImportance } from '../../space/trials/importance.ts';
import { journalledKnobs } from '../../space/trials/journalled-knobs.ts';
import { trialsOf } from '../../space/trials/trials.ts';

/** Undefined while there are too few trials, or none that set a knob. */
export function importanceOf(history: History): Importance | undefined {
  return measureImportance(trialsOf(history, journalledKnobs(history)).finished);
}
