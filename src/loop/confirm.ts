/**
 * The loop of a confirmation: ask what to do next, do it, and ask again. It decides nothing about the study itself.
 */

import { ok } from '../core/base/errors.ts';
import { judgeCarryOver } from '../core/confirm/carry-over.ts';
import { concludeConfirmation } from '../core/confirm/conclude-confirmation.ts';
import {
  type ConfirmationRequest,
  type ConfirmationRun,
  type ConfirmationStep,
  contenderOf,
  nextConfirmationStep,
} from '../core/confirm/next-confirmation-step.ts';
import type { ConfirmationRecord } from '../core/journal/held-out.ts';
import { currentGpuPause } from '../core/journal/history.ts';
import { contentionAmong } from '../core/run/contention.ts';
import { awaitGpu, pauseForGpu } from './gpu.ts';
import { requireUnmovedRefs } from './own-repository.ts';
import { planConfirmation } from './plan-confirmation.ts';
import { bringGaugeUpToDate } from './read-gauge.ts';
import { executeRun } from './run.ts';
import type { Study } from './study.ts';

export type ConfirmationEnd = 'done' | 'stopped';

/** Performs steps until the confirmation with this number has its result or the owner stops it; may be called again. */
export async function confirm(
  study: Study,
  confirmation: number,
  request: ConfirmationRequest,
): Promise<ConfirmationEnd> {
  if (!currentGpuPause(study.history())) await bringGaugeUpToDate(study);
  for (;;) {
    const wanted = await study.stopWanted();
    const step = nextConfirmationStep(study.whole(), confirmation);
    if (step.kind === 'done') return 'done';
    if (currentGpuPause(study.history()) && step.kind !== 'await-run') {
      if (wanted !== 'no') return 'stopped';
      await awaitGpu(study, () => false);
      continue;
    }
    // A run that is awaited may be running already, and only `awaitContenderRun` ends it.
    if (wanted === 'now' && step.kind !== 'await-run') return 'stopped';
    if (wanted === 'after-experiment' && step.kind === 'start-run') return 'stopped';
    await perform(study, confirmation, request, step);
  }
}

async function perform(
  study: Study,
  confirmation: number,
  request: ConfirmationRequest,
  step: Exclude<ConfirmationStep, { kind: 'done' }>,
): Promise<void> {
  switch (step.kind) {
    case 'plan-confirmation':
      return planConfirmation(study, confirmation, request);
    case 'start-run': {
      const { contender, run, seed } = step;
      await study.record({ event: 'confirmation-run-started', confirmation, contender, run, seed });
      return undefined;
    }
    case 'await-run':
      return awaitContenderRun(study, step);
    case 'conclude':
      return conclude(study, confirmation);
    default:
      return step satisfies never;
  }
}

async function awaitContenderRun(study: Study, { confirmation, contender, run, seed }: ConfirmationRun): Promise<void> {
  const { history, heldOut } = study.whole();
  const { experiment, split, budgetSeconds } = recordOf(study, confirmation);
  const record = contenderOf(heldOut, { confirmation, contender });
  const whose = contender === 'baseline' ? 0 : experiment;
  const made = { confirmation, contender };
  const key = { experiment: whose, run, seed, commit: record.commit, split, budgetSeconds, confirmation: made };
  const result = await executeRun(study, key);
  const contention = contentionAmong(history, record, result);
  const ended = contention ? { ...result, contention } : result;
  await study.record({ event: 'confirmation-run-ended', confirmation, contender, run, result: ended });
  if (result.outcome === 'lost') await requireUnmovedRefs(study);
  await pauseForGpu(study, experiment, result);
  await study.lab.runFolders.discardConfirmation(confirmation);
}

async function conclude(study: Study, confirmation: number): Promise<void> {
  const record = recordOf(study, confirmation);
  const gain = concludeConfirmation(study.history().frozen.metric.goal, record);
  const carryOver = record.budgetSeconds === undefined ? undefined : judgeCarryOver(study.whole(), record, gain);
  // After a crash right behind the last run its trees are still there.
  await study.lab.runFolders.discardConfirmation(confirmation);
  await study.record({ event: 'gain-confirmed', confirmation, gain, ...(carryOver ? { carryOver } : {}) });
}

function recordOf(study: Study, confirmation: number): ConfirmationRecord {
  const record = study.whole().heldOut.confirmations[confirmation - 1];
  ok(record !== undefined, `confirmation ${confirmation} is planned`);
  return record;
}
