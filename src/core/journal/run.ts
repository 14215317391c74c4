/**
 * One execution of a candidate: how it ended and what it measured.
 */
import { z } from 'zod';
import { contentionSchema, runConditionsSchema } from './conditions.ts';
import { curveSchema } from './curve.ts';
import { diskTroubleSchema } from './disk-trouble.ts';
import { gpuTroubleSchema } from './gpu-trouble.ts';
import { whereSchema } from './where.ts';

/** How a run ended. Only a finished run can carry a score. */
export const outcomeSchema = z.enum([
  'finished',
  'crashed',
  'out-of-memory',
  'timed-out',
  'stalled',
  'killed-early',
  'cancelled',
  'lost',
]);
export type Outcome = z.infer<typeof outcomeSchema>;

/**
 * Who vouches for a number: a scorer that asked the candidate's code in a cage of its own, a scorer, or the script itself. The
 * strongest first.
 */
export const voucherSchema = z.enum(['scored-apart', 'scored', 'self-reported']);
export type Voucher = z.infer<typeof voucherSchema>;

/** The weakest of several, undefined of none: a mean is vouched for by whoever vouches for its least run. */
export function weakestVoucher(vouchers: readonly Voucher[]): Voucher | undefined {
  return voucherSchema.options.findLast((each) => vouchers.includes(each));
}

/** The voucher in words, as every row of a list has it. */
export function voucherText(voucher: Voucher): string {
  return voucher === 'scored-apart' ? 'scored apart' : voucher;
}

/** The metrics of a run. `value` is the brief's metric and always finite. */
export const measurementSchema = z.object({
  value: z.number(),
  /** The smallest difference that the printed number can show, such as 0.0001 for `2.9261`. */
  resolution: z.number().positive(),
  vouched: voucherSchema,
  /**
   * The metric on stretches of the graded data in a fixed order, each of about the same size, where the scorer prints them
   * as `<metric>_parts`. They say how much a gain differs from text to text; nothing but the overfitting gauge reads them.
   */
  parts: z.array(z.number()).optional(),
  /** Everything else the script reported, such as `peak_memory_mb` or `num_steps`; each finite. */
  metrics: z.record(z.string(), z.number()),
});
export type Measurement = z.infer<typeof measurementSchema>;

/** The result of an execution that has ended. The reason is empty exactly when there is a measurement. */
export const runResultSchema = z.object({
  outcome: outcomeSchema,
  reason: z.string(),
  /** The last lines of the log or traceback, to be read by the owner; never parsed. */
  evidence: z.string(),
  measurement: measurementSchema.optional(),
  /** Wall seconds of training and scoring together. */
  seconds: z.number(),
  /** Seconds of the training alone, on the budget's clock; absent when the run was lost. */
  trainSeconds: z.number().optional(),
  /** When its first and its last line of progress came, in seconds of the training on the budget's clock. */
  progressSeconds: z.object({ first: z.number(), last: z.number() }).optional(),
  /** The most memory that the training's processes held together, MiB, as the harness measured it. */
  peakMemoryMb: z.number().optional(),
  /** The same on GPUs, where it computed on one. */
  peakGpuMemoryMb: z.number().optional(),
  /** CPU seconds of all processes of the run. */
  cpuSeconds: z.number(),
  /**
   * CPU seconds of the scoring; and what its model took before it answered, on the budget's clock, beyond what an answer takes,
   * where the scorer says how many answers it had.
   */
  scoring: z.object({ cpuSeconds: z.number(), startSeconds: z.number().optional() }).optional(),
  /** The state of the machine during the training, where it could be measured. */
  conditions: runConditionsSchema.optional(),
  /** Where it ran, in a study whose runs may run in several places. */
  where: whereSchema.optional(),
  /** Whether what it shares with runs beside it changed meanwhile, so that nobody knows which of them did it. */
  isDoubtful: z.literal(true).optional(),
  /** Set where its training or its scoring took longer than is allowed and ended by itself; `conditions` are those of that stage. */
  isOverrun: z.literal(true).optional(),
  /** By how many seconds on the budget's clock its training was too long. */
  excessSeconds: z.number().optional(),
  /** Why the machine, not the candidate, may have made its score, or have made it train beyond its budget. */
  contention: contentionSchema.optional(),
  /** What its GPU did to it, for a run that was lost by that. */
  gpu: gpuTroubleSchema.optional(),
  /** Set for a lost run whose machine went, as the service that runs it says: nothing that the run could have done. */
  byMachine: z.literal(true).optional(),
  /** What a full disk did to it, for a run that was lost by that. */
  disk: diskTroubleSchema.optional(),
  /** Its loss over the share of the budget, when its log has one. */
  curve: curveSchema.optional(),
  /** The longest time in seconds without output, between two lines of progress or after the last one. */
  silence: z.number().optional(),
  /** Editable files that no process of it read, where that is known. */
  unread: z.array(z.string()).optional(),
  /** By the word before a loss in its log, how often in a row it was no finite number, where one was. */
  broken: z.record(z.string(), z.number()).optional(),
  /** The longest time in seconds that it seemed to need by its pace, where that was beyond its time limit. */
  projectedSeconds: z.number().optional(),
});
export type RunResult = z.infer<typeof runResultSchema>;

/** The result of a run that says nothing about its candidate, whatever it measured. */
export function asLost({ measurement: _, ...rest }: RunResult, reason: string): RunResult {
  return { ...rest, outcome: 'lost', reason };
}
