/**
 * Machines that stood still with all that ran on them, slept, or had their clock set while a run was in flight. A script that
 * reads a clock then takes its time for over, or trains on: neither is the candidate's doing.
 */
import { formatDuration } from '../base/format.ts';
import type { MachineConditions } from '../journal/conditions.ts';

type Disturbance = Pick<MachineConditions, 'pausedSeconds' | 'sleptSeconds' | 'clockSetSeconds'>;

/** Share of the budget that a score can lose unnoticed. */
const maxShare = 0.01;

/** Runs in a row of one candidate that this may happen to; a machine that does so for ever holds no study up. */
export const maxDisturbed = 10;

/** What happened to the machine during these stages, in words; undefined when nothing did. */
export function disturbanceOf(stages: readonly Disturbance[]): string | undefined {
  const sum = (key: keyof Disturbance) => stages.reduce((all, stage) => all + (stage[key] ?? 0), 0);
  const said = [
    ['pausedSeconds', 'stood still for'],
    ['sleptSeconds', 'slept for'],
    ['clockSetSeconds', 'had its clock set by'],
  ] as const;
  const parts = said.flatMap(([key, words]) => (sum(key) > 0 ? [`${words} ${formatDuration(sum(key))}`] : []));
  return parts.length === 0 ? undefined : `the machine ${parts.join(' and ')} meanwhile`;
}

/** The same for a run that ended well, where it may have cost its score: on a clock that went on meanwhile. */
export function costlyDisturbance(conditions: Disturbance, budgetSeconds: number): string | undefined {
  const { pausedSeconds = 0, sleptSeconds = 0, clockSetSeconds = 0 } = conditions;
  const isCostly = pausedSeconds + sleptSeconds + clockSetSeconds > maxShare * budgetSeconds;
  return isCostly ? disturbanceOf([conditions]) : undefined;
}
