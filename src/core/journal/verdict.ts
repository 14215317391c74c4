/**
 * The decision about an experiment, in the one shape that every policy shares.
 */
import { z } from 'zod';

/** The figures behind a verdict, as they were when it was given; each in the metric's own unit. */
export const statisticsSchema = z.object({
  /** Mean of the candidate's measured runs. */
  mean: z.number(),
  /** Mean of the incumbent's measured runs at that time. */
  incumbentMean: z.number(),
  /**
   * How much better the policy believes the candidate to be; negative is worse, whatever the goal. Where there is an
   * `estimate`, it is the difference of that, else of the two means.
   */
  gain: z.number(),
  /** Half of the 95 % interval of the difference of the two means; absent while no run was ever repeated. */
  error: z.number().optional(),
  /** Standard error of `gain`, from the noise as it is printed; absent while no run was ever repeated. */
  standardError: z.number().optional(),
  /** `gain` lies between these with 95 % probability. */
  interval: z.tuple([z.number(), z.number()]).optional(),
  /** Posterior probability that the gain is real; absent where a policy does not compute it. */
  probability: z.number().optional(),
  /** Both scores as estimated by a policy that uses more than the two means: they differ by `gain`. */
  estimate: z.object({ incumbent: z.number(), candidate: z.number() }).optional(),
  runs: z.number().int(),
});
export type Statistics = z.infer<typeof statisticsSchema>;

export const verdictSchema = z.object({
  decision: z.enum(['keep', 'revert', 'rerun']),
  /** In words, for the owner. */
  reason: z.string(),
  statistics: statisticsSchema.optional(),
  /** The incumbent that came between: the edits, which gained on their own parent, are tried on it. */
  overtakenBy: z.number().int().optional(),
  /** Why it is kept, where that is not the gain. */
  grounds: z.literal('simplification').optional(),
});
/** `keep`, `revert` or `rerun`, with the reason in words and the statistics. */
export type Verdict = z.infer<typeof verdictSchema>;
