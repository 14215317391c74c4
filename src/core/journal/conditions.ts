/**
 * What the machine did to a run while it trained: a handful of numbers, each absent where it cannot be seen.
 *
 * They describe the machine, but for the step rate, which is compared between runs of one candidate only: a larger model is
 * slower by right.
 */
import { z } from 'zod';

const share = z.number().min(0).max(1);

/** As the supervisor saw it. */
export const machineConditionsSchema = z.object({
  /** Share of the processor time it wanted that other work on its cores took. */
  lostShare: share.optional(),
  /** Share of its cores' time that the host of a virtual machine took. */
  stolenShare: share.optional(),
  /** Mean clock of its cores. */
  cpuMhz: z.number().nonnegative().optional(),
  /** Mean clock of its GPUs while they worked. */
  gpuMhz: z.number().nonnegative().optional(),
  /** Share of the looks at which heat or the power supply slowed a GPU down. */
  gpuThrottledShare: share.optional(),
  /** How many GPUs it could use. */
  gpus: z.number().int().nonnegative().optional(),
  /** Other processes that computed on its GPUs. */
  gpuOthers: z.number().int().nonnegative().optional(),
});
export type MachineConditions = z.infer<typeof machineConditionsSchema>;

export const runConditionsSchema = machineConditionsSchema.extend({
  /** Training steps per second of the budget, by the script's own count. */
  stepsPerSecond: z.number().positive().optional(),
});
export type RunConditions = z.infer<typeof runConditionsSchema>;

/** A contended run says more of the machine than of the candidate. */
export const contentionSchema = z.object({
  reason: z.string(),
  /** It does not count and is run again with the same seed; false once that was done as often as is allowed. */
  isRepeated: z.boolean(),
});
export type Contention = z.infer<typeof contentionSchema>;

/** The pace of a training that reports `num_steps` and `training_seconds`. */
export function stepRate(metrics: Readonly<Record<string, number>> = {}): { stepsPerSecond?: number } {
  const { num_steps: steps = 0, training_seconds: seconds = 0 } = metrics;
  return steps > 0 && seconds > 0 ? { stepsPerSecond: Number((steps / seconds).toPrecision(6)) } : {};
}
