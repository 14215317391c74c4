/**
 * Decides a confirmation's contenders and makes the commits that it needs beside those of the study.
 */

import { ok } from '../core/base/errors.ts';
import { leaveOut } from '../core/confirm/leave-out.ts';
import { type ConfirmationRequest, defaultRuns } from '../core/confirm/next-confirmation-step.ts';
import type { EntryOf } from '../core/journal/entry.ts';
import type { ConfirmationRecord, HeldOut } from '../core/journal/held-out.ts';
import type { Split } from '../core/journal/held-out-entries.ts';
import { experimentOf, type History, keptInOrder } from '../core/journal/history.ts';
import { contenderMessage } from '../core/proposal/commit-message.ts';
import type { Study } from './study.ts';

/** Journals the plan; when a crash makes it plan again, its commits have the same hashes. */
export async function planConfirmation(
  study: Study,
  confirmation: number,
  request: ConfirmationRequest,
): Promise<void> {
  const { history, heldOut } = study.whole();
  const isAblated = request.isAblated ?? false;
  const ablation = isAblated ? await ablate(study, confirmation) : { contenders: [], inseparable: [] };
  await study.record({
    event: 'confirmation-planned',
    confirmation,
    experiment: history.incumbent,
    ...splitOf(history, heldOut),
    runs: request.runs ?? defaultRuns,
    isAblated,
    ...(request.budgetSeconds === undefined ? {} : { budgetSeconds: request.budgetSeconds }),
    contenders: [
      { contender: 'baseline', commit: history.start },
      { contender: 'final', commit: history.tip },
      ...ablation.contenders,
    ],
    inseparable: ablation.inseparable,
  });
}

function splitOf({ frozen }: History, { gauge }: HeldOut): { split: Split; reason: string } {
  if (!frozen.score) return { split: 'validation', reason: 'the brief has no scorer, so there is no holdout' };
  if (!gauge?.isSplitIgnored) return { split: 'holdout', reason: '' };
  return { split: 'validation', reason: 'the scorer ignores NOCTURNE_SPLIT, so there is no holdout' };
}

interface Ablation {
  readonly contenders: EntryOf<'confirmation-planned'>['contenders'];
  readonly inseparable: ConfirmationRecord['inseparable'][number][];
}

async function ablate(study: Study, confirmation: number): Promise<Ablation> {
  const history = study.history();
  const kept = keptInOrder(history).filter(({ experiment }) => experiment > 0);
  const ablation: Ablation = { contenders: [], inseparable: [] };
  for (const { experiment } of kept) {
    // Without its only step the final is the baseline.
    const isOnly = kept.length === 1;
    const reason = isOnly ? onlyStep : await addContender(study, confirmation, experiment, ablation.contenders);
    if (reason !== undefined) ablation.inseparable.push({ experiment, reason });
  }
  return ablation;
}

const onlyStep = 'it is the only step: without it the final is the baseline';

/** Adds the contender without this kept step, or says why there can be none. */
async function addContender(
  study: Study,
  confirmation: number,
  experiment: number,
  contenders: Ablation['contenders'],
): Promise<string | undefined> {
  const { workspace } = study.lab;
  const history = study.history();
  const { parent, candidate } = experimentOf(history, experiment);
  ok(parent !== undefined && candidate !== undefined, 'a kept step has a parent and a candidate');
  const before = experimentOf(history, parent).candidate?.commit ?? history.start;
  const final = await workspace.read(history.tip);
  const left = leaveOut(final, await workspace.read(before), await workspace.read(candidate.commit));
  if (left.kind === 'inseparable') return `cannot be left out: later steps changed the same lines of ${left.file}`;
  const contender = `without-${experiment}`;
  const { commit } = await workspace.commitContender({
    confirmation,
    contender,
    parent: history.tip,
    message: contenderMessage(history, experiment),
    // The journal's time, so that a redo makes the same commit.
    date: history.lastAt,
    files: left.files,
  });
  contenders.push({ contender, commit, without: experiment });
  return undefined;
}
