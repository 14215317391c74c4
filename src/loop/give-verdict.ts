/**
 * Judges an experiment. `verdict-given` is the commit point: what comes before is safe to repeat, what follows is
 * redone.
 */

import { ok } from '../core/base/errors.ts';
import { fixedWorkText, isFixedWork } from '../core/journal/fixed-work.ts';
import { experimentOf, type History, valuesOf } from '../core/journal/history.ts';
import { agreeingExperiments, equalScoresWarning, unreadWarning } from '../core/journal/idle-edits.ts';
import { seedWarning } from '../core/journal/noise.ts';
import type { Verdict } from '../core/journal/verdict.ts';
import { judge } from '../core/judge/judge.ts';
import { isOrphan, orphanVerdict, overtakenVerdict } from '../core/judge/overtaken.ts';
import { keepMessage } from '../core/proposal/commit-message.ts';
import { reapplySame } from './reapply.ts';
import type { Study } from './study.ts';

/** Journals the verdict; for a keep its commit is made first, so that the entry can name it. */
export async function giveVerdict(study: Study, experiment: number): Promise<undefined> {
  const { lab, record } = study;
  if (experiment > 0) await reapplySame(study, experiment);
  const history = study.history();
  // A run that is not caged can move the study's refs: it is noticed now, not only when the next keep moves them.
  if (experiment > 0) await lab.workspace.moveBranch(history.tip, history.tip);
  const verdict = verdictOn(study, experiment);
  const kept = verdict.decision === 'keep' ? await commitKeep(study, history, experiment, verdict) : undefined;
  await record({ event: 'verdict-given', experiment, verdict, ...(kept === undefined ? {} : { kept }) });
  const seed = experiment === 0 ? seedWarning(study.history()) : undefined;
  if (seed !== undefined) lab.emit({ event: 'warning-raised', message: seed });
  for (const message of newWarnings(study.history(), experiment)) lab.emit({ event: 'warning-raised', message });
  if (experiment === 0 && isFixedWork(study.history())) {
    lab.emit({ event: 'warning-raised', message: fixedWorkText(study.history()) });
  }
  if (verdict.decision === 'revert') await lab.runFolders.discard(experiment);
  if (experiment % experimentsAPack === 0) await pack(study);
}

/** By the incumbent, or by what was one when it was proposed. */
function verdictOn(study: Study, experiment: number): Verdict {
  const history = study.history();
  const record = experimentOf(history, experiment);
  if (isOrphan(history, record) && valuesOf(record).length > 0) return orphanVerdict(history, record);
  const standpoint = study.standpointOf(experiment);
  const own = judge(standpoint.history, experiment, study.lab.brief.policy, standpoint.walk);
  return standpoint.history === history ? own : overtakenVerdict(own, history);
}

/** Experiments after which it is looked whether there is enough to pack. */
const experimentsAPack = 32;

/** What could not be packed lies as it did; the study needs none of it. */
async function pack({ lab }: Study): Promise<void> {
  await lab.workspace.pack?.().catch((error: Error) => {
    lab.emit({ event: 'warning-raised', message: `The objects of the study were not packed: ${error.message}` });
  });
}

/** Each sign that edits do not reach the score, said once: at the baseline, or at the experiment that completes it. */
function newWarnings(history: History, experiment: number): readonly string[] {
  const unread = experiment === 0 ? unreadWarning(history) : undefined;
  const measured = history.experiments.filter((record) => record.experiment > 0 && valuesOf(record).length > 0);
  const isDue = measured.length === agreeingExperiments && measured.at(-1)?.experiment === experiment;
  const equal = isDue ? equalScoresWarning(history) : undefined;
  return [unread, equal].filter((text) => text !== undefined);
}

async function commitKeep(study: Study, history: History, experiment: number, verdict: Verdict): Promise<string> {
  if (experiment === 0) return history.start;
  const record = experimentOf(history, experiment);
  ok(record.candidate !== undefined, 'a judged experiment has a candidate');
  return study.lab.workspace.commitKeep({
    experiment,
    parent: history.tip,
    tree: record.candidate.tree,
    message: keepMessage(history, record, verdict),
    // The journal's time, not the clock's, so that a redo makes the same commit.
    date: record.runs.at(-1)?.endedAt ?? record.proposedAt,
  });
}
