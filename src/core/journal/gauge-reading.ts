/**
 * What the overfitting gauge says, in the one shape that is journalled and shown.
 */
import { z } from 'zod';

/** One kept experiment against the baseline, on the same saved weights graded twice. */
const gaugeRowSchema = z.object({
  experiment: z.number().int(),
  /** Runs whose weights were graded on both splits; with none, the rest is absent. */
  runs: z.number().int(),
  validationGain: z.number().optional(),
  holdoutGain: z.number().optional(),
  /** So much may the validation gain exceed the holdout gain; absent while the noise is unknown. */
  limit: z.number().optional(),
  /** Whether it exceeds it by more. */
  isParted: z.boolean(),
});
export type GaugeRow = z.infer<typeof gaugeRowSchema>;

export const gaugeReadingSchema = z.object({
  rows: z.array(gaugeRowSchema),
  /** Standard deviation of one run's holdout score minus its validation score, pooled within candidates. */
  sigma: z.number().optional(),
  degreesOfFreedom: z.number().int(),
  /** The scorer gave the same number twice for everything: it does not read NOCTURNE_SPLIT. */
  isSplitIgnored: z.boolean(),
  /** In words, when a kept experiment's gains part. */
  warning: z.string().optional(),
});
export type GaugeReading = z.infer<typeof gaugeReadingSchema>;
