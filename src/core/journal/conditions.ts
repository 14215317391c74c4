/**
 * The state of the machine while a run trained: a few numbers, each absent where it cannot be measured.
 *
 * All but the step rate describe the machine. The step rate is compared between runs of one candidate only, because a
 * larger model is slower on any machine.
 */
import { z } from 'zod';

const share = z.number().min(0).max(1);

/** What the supervisor measured. */
export const machineConditionsSchema = z.object({
  /** Of the processor time that the run wanted, the share that other work on its cores took. */
  lostShare: share.optional(),
  /** Share of its cores' time that the host of this virtual machine took. */
  stolenShare: share.optional(),
  /** Mean clock of its cores. */
  cpuMhz: z.number().nonnegative().optional(),
  /** Mean clock of its GPUs while they worked. */
  gpuMhz: z.number().nonnegative().optional(),
  /** Share of the samples in which heat or the power supply slowed a GPU down. */
  gpuThrottledShare: share.optional(),
  /** Processor microseconds of a fixed piece of work that the supervisor did now and then: the median. */
  workMicros: z.number().positive().optional(),
  /** For how long it stood still, with all that ran on it. */
  pausedSeconds: z.number().nonnegative().optional(),
  /** For how long it slept. */
  sleptSeconds: z.number().nonnegative().optional(),
  /** By how much its clock was set, there and back. */
  clockSetSeconds: z.number().nonnegative().optional(),
  /** Number of GPUs that the run could use. */
  gpus: z.number().int().nonnegative().optional(),
  /** Memory in use on its GPUs, all of them together, before it began, MiB. */
  gpuUsedMib: z.number().nonnegative().optional(),
  /** Other processes that computed on its GPUs. */
  gpuOthers: z.number().int().nonnegative().optional(),
  /** What other runs of the study had a part of, as the owner asked. */
  shared: z.array(z.enum(['cores', 'gpus'])).optional(),
});
export type MachineConditions = z.infer<typeof machineConditionsSchema>;

export const runConditionsSchema = machineConditionsSchema.extend({
  /** Training steps per second of the budget, by the script's own count. */
  stepsPerSecond: z.number().positive().optional(),
});
export type RunConditions = z.infer<typeof runConditionsSchema>;

/** Why a run is contended: its score says more about the machine than about the candidate. */
export const contentionSchema = z.object({
  reason: z.string(),
  /** Whether the run does not count and is repeated with the same seed; false once no more repeats are allowed. */
  isRepeated: z.boolean(),
});
export type Contention = z.infer<typeof contentionSchema>;

/**
 * Steps per second, to 6 digits, of a training that reports `num_steps` and `training_seconds`; empty for any other.
 */
export function stepRate(metrics: Readonly<Record<string, number>> = {}): { stepsPerSecond?: number } {
  const { num_steps: steps = 0, training_seconds: seconds = 0 } = metrics;
  return steps > 0 && seconds > 0 ? { stepsPerSecond: Number((steps / seconds).toPrecision(6)) } : {};
}
