/** Studies with a scorer and their confirmations, in a scripted lab, as the command conducts them. */

import { createRandom } from '../../src/core/base/random.ts';
import { type ConfirmationRequest, confirmationFor } from '../../src/core/confirm/next-confirmation-step.ts';
import { type ConfirmationEnd, confirm } from '../../src/loop/confirm.ts';
import { openStudy } from '../../src/loop/study.ts';
import type { Lab } from '../../src/ports/lab.ts';
import type { LaidRun, ScriptedRun } from '../../src/testing/index.ts';
import { knobOf } from './conduct-study.ts';

/** Goes on with the unfinished confirmation, or begins a new one. */
export async function conductConfirmation(
  lab: Lab,
  request: ConfirmationRequest = {},
  signal = new AbortController().signal,
): Promise<ConfirmationEnd> {
  const { study } = await openStudy(lab, signal);
  return confirm(study, confirmationFor(study.whole(), request), request);
}

/**
 * What the scorer prints of a run: on validation its LR; on the holdout the same and 7, so that no figure of the two can be
 * taken for each other. A seed moves both.
 */
export function gradeByRate(run: LaidRun): ScriptedRun {
  const luck = createRandom(`seed ${run.seed}`).unit() / 100;
  const value = knobOf(run, 'LR') + luck + (run.split === 'holdout' ? 7 : 0);
  return gradedRun(run, value.toFixed(6));
}

/** A run that trains and whose scorer prints this; on the holdout alone, only the scorer runs. */
export function gradedRun(run: LaidRun, value: string): ScriptedRun {
  const stage = (name: 'train' | 'score') => ({ name, exitCode: 0, signal: null, seconds: 1, cpuSeconds: 1 });
  const isGradeOnly = run.split === 'holdout' && run.confirmation === undefined;
  const stages = isGradeOnly ? [stage('score')] : [stage('train'), stage('score')];
  const log = { ...(isGradeOnly ? {} : { train: 'step=1\n' }), score: `---\nval_bpb: ${value}\n` };
  return { log, end: { ending: 'exited', stages, seconds: 1 } };
}
