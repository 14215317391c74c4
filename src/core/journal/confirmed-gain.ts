/**
 * What a confirmation found, in the one shape that is journalled and shown.
 */
import { z } from 'zod';

/** How many of one candidate's fresh runs have a score, and the mean and spread of their scores. */
export const contenderSummarySchema = z.object({
  /** Absent when no run gave a score. */
  mean: z.number().optional(),
  /** Sample standard deviation; absent below two scores. */
  sd: z.number().optional(),
  /** Runs with a score. */
  n: z.number().int(),
  /** Runs without one: failing is a result. */
  failed: z.number().int(),
});
export type ContenderSummary = z.infer<typeof contenderSummarySchema>;

/** One candidate compared with another: a gain above zero is better, whether the goal is to minimize or to maximize. */
export const comparisonSchema = z.object({
  gain: z.number(),
  /** Absent, like all figures of Welch's t, while either side has fewer than two scores or neither has any spread. */
  standardError: z.number().optional(),
  /** 95 % confidence interval of the gain, by Welch's t. */
  interval: z.tuple([z.number(), z.number()]).optional(),
  degreesOfFreedom: z.number().optional(),
  /** Two-sided, by Welch's t. */
  p: z.number().optional(),
  /** Two-sided, by the exact sign-flip test over the pairs; absent below six of them. */
  signFlipP: z.number().optional(),
  /** Number of pairs of runs in which the gain was above zero. */
  better: z.number().int(),
  pairs: z.number().int(),
});
export type Comparison = z.infer<typeof comparisonSchema>;

export const confirmedGainSchema = z.object({
  baseline: contenderSummarySchema,
  final: contenderSummarySchema,
  /** Final against baseline; absent when one of them has no score. */
  comparison: comparisonSchema.optional(),
  /** The final against the final without this kept step: what the step gains in it. */
  steps: z.array(
    z.object({
      experiment: z.number().int(),
      without: contenderSummarySchema,
      comparison: comparisonSchema.optional(),
    }),
  ),
});
export type ConfirmedGain = z.infer<typeof confirmedGainSchema>;

/** Whether the gain at the study's budget is still there at a longer one. */
export const carryOverSchema = z.object({
  verdict: z.enum(['carries over', 'partly', 'gone', 'cannot tell']),
  /** How that was decided, one sentence without its full stop. */
  reason: z.string(),
  /** The confirmation at the study's budget that it is compared with; absent when there is none that fits. */
  against: z.number().int().positive().optional(),
  /** Gain at the longer budget minus gain at the study's, with its 95 % interval; absent without error bars. */
  difference: z.object({ value: z.number(), interval: z.tuple([z.number(), z.number()]) }).optional(),
});
export type CarryOver = z.infer<typeof carryOverSchema>;
