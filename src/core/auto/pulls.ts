/**
 * What each arm proposed and what it gained, from the journal alone: the data that the bandit chooses by.
 *
 * Costs are counted in quarters of the study's budget. Finer figures would differ by the jitter of the machine's
 * scheduler, and a resumed study could choose another arm than an undisturbed one.
 */

import type { ArmName } from '../base/researchers.ts';
import { armOf, refusedArmOf } from '../journal/arm.ts';
import { type ExperimentRecord, type History, isDropped, type Refusal } from '../journal/history.ts';

/** One experiment or refused proposal of an arm. */
export interface Pull {
  readonly arm: ArmName;
  /** The experiment's number, or the one that a refused proposal would have had. */
  readonly experiment: number;
  /** What its keep gained, in the metric's unit; 0 when it was not kept. */
  readonly gain: number;
  readonly isKept: boolean;
  /** Time of its training and of its proposal, in budgets. */
  readonly cost: number;
  /** Present where it says nothing of the arm yet, because its own result is to come. */
  readonly isOpen?: true;
}

/** The pulls from this experiment on, oldest first; without what no arm proposed. */
export function pullsSince(history: History, first: number): Pull[] {
  const made = history.experiments.slice(Math.max(1, first)).flatMap((record) => pullOf(history, record) ?? []);
  const refused = recentRefusals(history, first).flatMap((refusal) => refusedPull(history, refusal) ?? []);
  return [...made, ...refused].sort((a, b) => a.experiment - b.experiment);
}

/** How often each arm was refused for the next experiment. */
export function refusalsNow(history: History): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { arm } of recentRefusals(history, history.experiments.length)) {
    if (arm !== undefined) counts.set(arm, (counts.get(arm) ?? 0) + 1);
  }
  return counts;
}

/** Seconds that an experiment's training took: on the budget's clock where the journal has them. */
function trainingSeconds(record: ExperimentRecord): number {
  return record.runs.reduce((sum, { result }) => sum + (result?.trainSeconds ?? result?.seconds ?? 0), 0);
}

function pullOf(history: History, record: ExperimentRecord): Pull | undefined {
  const { researcher = '', proposal, verdict, experiment, thoughtSeconds = 0 } = record;
  const arm = proposal && armOf(researcher, proposal.kind, record.arm);
  // What was kept meanwhile is no fault of an idea that does not go together with it.
  if (arm === undefined || isDropped(record)) return undefined;
  const isKept = verdict?.decision === 'keep';
  const gain = isKept ? Math.max(0, verdict.statistics?.gain ?? 0) : 0;
  const cost = costOf(history, trainingSeconds(record) + thoughtSeconds);
  return { arm, experiment, gain, isKept, cost, ...(isOpen(record) && { isOpen: true as const }) };
}

/** Whether its own result is to come: it has no verdict, or gained on an older incumbent and is tried again as another experiment. */
export function isOpen({ verdict }: Pick<ExperimentRecord, 'verdict'>): boolean {
  return verdict === undefined || verdict.decision === 'rerun' || verdict.overtakenBy !== undefined;
}

function refusedPull(history: History, { arm: asked, researcher, experiment, thoughtSeconds = 0 }: Refusal) {
  const arm = asked === undefined ? undefined : refusedArmOf(researcher, asked);
  if (arm === undefined) return undefined;
  return { arm, experiment, gain: 0, isKept: false, cost: costOf(history, thoughtSeconds) };
}

/** At least a quarter: a run that ends at once was proposed, committed and started all the same. */
function costOf({ frozen }: History, seconds: number): number {
  return Math.max(1, Math.round((4 * seconds) / frozen.budgetSeconds)) / 4;
}

/**
 * The refusals from this experiment on: they stand at the end of the list. Edits that do nothing on a newer incumbent are no
 * refused proposal of an arm.
 */
function recentRefusals({ refusals }: History, first: number): readonly Refusal[] {
  const start = refusals.findLastIndex((refusal) => refusal.experiment < first) + 1;
  return refusals.slice(start).filter(({ reapplies }) => reapplies === undefined);
}
