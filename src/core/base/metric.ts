/**
 * Which way is better, and by how much: the only place that knows a metric's direction.
 */

/** `minimize` for losses, `maximize` for accuracies. */
export type Goal = 'minimize' | 'maximize';

/** The number a study improves, and how a script's own log can be asked for it. */
export interface Metric {
  readonly name: string;
  readonly goal: Goal;
  /** A regular expression with one group, for scripts that print the metric in their own way; the last match counts. */
  readonly pattern?: string | undefined;
  /** A file of the sandbox that the script writes it to, for scripts that print nothing. */
  readonly file?: string | undefined;
}

/** How much better `value` is than `reference`, in the metric's unit; negative when it is worse. */
export function gainOver(goal: Goal, reference: number, value: number): number {
  return goal === 'minimize' ? reference - value : value - reference;
}

/** Whether `value` is strictly better than `reference`. */
export function isBetter(goal: Goal, value: number, reference: number): boolean {
  return gainOver(goal, reference, value) > 0;
}
