/**
 * The loop of a confirmation: ask what may be done now, do it, and ask again. It decides nothing about the study itself.
 */

import { ok } from '../core/base/errors.ts';
import { judgeCarryOver } from '../core/confirm/carry-over.ts';
import { concludeConfirmation } from '../core/confirm/conclude-confirmation.ts';
import {
  type ConfirmationRequest,
  type ConfirmationRun,
  type ConfirmationStep,
  contenderOf,
  nextConfirmationSteps,
} from '../core/confirm/next-confirmation-step.ts';
import type { ConfirmationRecord } from '../core/journal/held-out.ts';
import { currentGpuPause } from '../core/journal/history.ts';
import { contentionAmong } from '../core/run/contention.ts';
import { type Beside, createBeside } from './beside.ts';
import { awaitGpu, pauseForGpu } from './gpu.ts';
import { requireUnmovedRefs } from './own-repository.ts';
import { planConfirmation } from './plan-confirmation.ts';
import { bringGaugeUpToDate } from './read-gauge.ts';
import { executeRun } from './run.ts';
import type { StopWanted } from './stop-request.ts';
import type { Study } from './study.ts';
import { unlessStopped } from './until-stopped.ts';

export type ConfirmationEnd = 'done' | 'stopped';

/** Performs steps until the confirmation with this number has its result or the owner stops it; may be called again. */
export async function confirm(
  study: Study,
  confirmation: number,
  request: ConfirmationRequest,
): Promise<ConfirmationEnd> {
  if (!currentGpuPause(study.history())) await bringGaugeUpToDate(study);
  // A step that the stop ended is repeated when the confirmation goes on.
  return (await unlessStopped(study, () => performSteps(study, confirmation, request))) ?? 'stopped';
}

async function performSteps(
  study: Study,
  confirmation: number,
  request: ConfirmationRequest,
): Promise<ConfirmationEnd> {
  const beside = createBeside();
  try {
    for (;;) {
      beside.check();
      const wanted = await study.stopWanted();
      const steps = nextConfirmationSteps(study.whole(), confirmation, study.lab.slots);
      if (steps.some(({ kind }) => kind === 'done')) return 'done';
      const step = steps.filter((each) => mayBegin(each, wanted)).find((each) => !beside.has(keyOf(each)));
      if (step) await begin(study, confirmation, request, step, beside);
      else if (beside.isIdle()) return 'stopped';
      else await beside.next();
    }
  } catch (error) {
    // Runs go on, and are adopted by the next session.
    study.leave();
    throw error;
  } finally {
    await beside.settle();
  }
}

/** A run that is awaited may be running already, and only `awaitContenderRun` ends it; a stop of any kind ends a wait. */
function mayBegin({ kind }: ConfirmationStep, wanted: StopWanted): boolean {
  if (kind === 'await-run') return true;
  return wanted === 'no' || (wanted === 'after-experiment' && kind !== 'start-run' && kind !== 'await-gpu');
}

/** What may be under way beside others has a key of its own. */
function keyOf(step: ConfirmationStep): string {
  return step.kind === 'await-run' ? `run ${step.contender}/${step.run}` : step.kind;
}

async function begin(
  study: Study,
  confirmation: number,
  request: ConfirmationRequest,
  step: ConfirmationStep,
  beside: Beside,
): Promise<void> {
  switch (step.kind) {
    case 'plan-confirmation':
      return study.alone(() => planConfirmation(study, confirmation, request));
    case 'start-run': {
      const { kind: _, ...run } = step;
      await study.record({ event: 'confirmation-run-started', ...run });
      return undefined;
    }
    case 'await-run':
      return beside.start(keyOf(step), () => awaitContenderRun(study, step));
    case 'await-gpu':
      return beside.start(keyOf(step), () => awaitGpu(study, () => false));
    case 'conclude':
      return study.alone(() => conclude(study, confirmation));
    case 'done':
      return undefined;
    default:
      return step satisfies never;
  }
}

async function awaitContenderRun(study: Study, step: ConfirmationRun): Promise<void> {
  const { confirmation, contender, run, seed, slot } = step;
  const { experiment, split, budgetSeconds } = recordOf(study, confirmation);
  const whose = contender === 'baseline' ? 0 : experiment;
  const made = { confirmation, contender };
  const { commit } = contenderOf(study.whole().heldOut, made);
  const own = { experiment: whose, run, seed, commit, split, budgetSeconds, confirmation: made };
  const result = await executeRun(study, slot === undefined ? own : { ...own, slot });
  const { history, heldOut } = study.whole();
  const contention = contentionAmong(history, contenderOf(heldOut, made), result);
  const ended = contention ? { ...result, contention } : result;
  await study.record({ event: 'confirmation-run-ended', confirmation, contender, run, result: ended });
  if (result.outcome === 'lost') await study.alone(() => requireUnmovedRefs(study));
  await pauseForGpu(study, experiment, result);
  await study.lab.runFolders.discardConfirmation(confirmation, { contender, run });
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
