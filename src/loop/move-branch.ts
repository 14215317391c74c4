/**
 * Moves the accepted branch onto a keep, after the verdict is journalled.
 */
import { ok } from '../core/base/errors.ts';
import { experimentOf } from '../core/journal/history.ts';
import type { Study } from './study.ts';

/** Moves the branch from the parent's accepted commit to this experiment's; moving it twice is the same as once. */
export async function moveBranch(study: Study, experiment: number): Promise<undefined> {
  const history = study.history();
  const { kept, parent } = experimentOf(history, experiment);
  ok(kept !== undefined && parent !== undefined, 'only a keep moves the branch');
  await study.lab.workspace.moveBranch(experimentOf(history, parent).kept ?? history.start, kept);
  await study.record({ event: 'branch-moved', experiment, commit: kept });
}
