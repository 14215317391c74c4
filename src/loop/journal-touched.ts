/**
 * A run during which another program wrote into the journal: perhaps it was the run. It is lost, and repeated; one that does so
 * each time fails as any run that is lost each time.
 */
import { contenderOf } from '../core/confirm/next-confirmation-step.ts';
import { experimentOf } from '../core/journal/history.ts';
import { asLost, type RunResult } from '../core/journal/run.ts';
import type { RunKey } from '../ports/run-folders.ts';
import type { Study } from './study.ts';

/** The result of an ended run, lost where the journal was touched while it was in flight. */
export async function withUntouchedJournal(study: Study, key: RunKey, result: RunResult): Promise<RunResult> {
  await study.lookAtJournal();
  if (!isTouched(study, key)) return result;
  return asLost(result, 'another program, perhaps the run itself, wrote into the journal meanwhile');
}

function isTouched(study: Study, { experiment, run, confirmation }: RunKey): boolean {
  const { history, heldOut } = study.whole();
  const { runs } = confirmation ? contenderOf(heldOut, confirmation) : experimentOf(history, experiment);
  return runs.some((each) => each.run === run && each.isJournalTouched === true);
}
