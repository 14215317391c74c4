/**
 * A reading of the overfitting gauge, in the one shape that is journalled and shown.
 */
import { z } from 'zod';

/** One kept experiment compared with the baseline: the same saved weights, graded on validation and on the holdout. */
const gaugeRowSchema = z.object({
  experiment: z.number().int(),
  /** Runs whose weights were graded on both splits; with none, the rest is absent. */
  runs: z.number().int(),
  validationGain: z.number().optional(),
  holdoutGain: z.number().optional(),
  /** How far the validation gain may exceed the holdout gain; absent while the noise is unknown. */
  limit: z.number().optional(),
  /** Whether the validation gain exceeds the holdout gain by more than the limit. */
  isParted: z.boolean(),
});
export type GaugeRow = z.infer<typeof gaugeRowSchema>;

export const gaugeReadingSchema = z.object({
  rows: z.array(gaugeRowSchema),
  /** Standard deviation of one run's holdout score minus its validation score, pooled within candidates. */
  sigma: z.number().optional(),
  degreesOfFreedom: z.number().int(),
  /** Whether the scorer gave the same number on both splits each time: then it does not read NOCTURNE_SPLIT. */
  isSplitIgnored: z.boolean(),
  /** A sentence for the owner; absent when no row is parted. */
  warning: z.string().optional(),
});
export type GaugeReading = z.infer<typeof gaugeReadingSchema>;
