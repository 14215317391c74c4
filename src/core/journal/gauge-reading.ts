/**
 * A reading of the overfitting gauge, in the one shape that is journalled and shown.
 */
import { z } from 'zod';

/** Gains of the same saved weights, graded on validation and on the holdout. */
const gaugeGains = {
  validationGain: z.number().optional(),
  holdoutGain: z.number().optional(),
  /** How far the validation gain may exceed the holdout gain by chance; absent while that is unknown. */
  limit: z.number().optional(),
  /** Whether the holdout gain falls short of the validation gain by more than the limit, and by enough to matter. */
  isParted: z.boolean(),
};

/** One kept experiment compared with the baseline. */
const gaugeRowSchema = z.object({
  experiment: z.number().int(),
  /** Runs whose weights were graded on both splits; with none, the gains are absent. */
  runs: z.number().int(),
  ...gaugeGains,
  /** The same against the experiment that it was made from, where that is not the baseline. */
  step: z.object({ parent: z.number().int(), ...gaugeGains }).optional(),
});
export type GaugeRow = z.infer<typeof gaugeRowSchema>;

export const gaugeReadingSchema = z.object({
  rows: z.array(gaugeRowSchema),
  /** Standard deviation of one run's holdout score minus its validation score, pooled within candidates. */
  sigma: z.number().optional(),
  degreesOfFreedom: z.number().int(),
  /** Whether the scorer grades parts of each split, so that the limits know how far two texts differ. */
  isTextKnown: z.boolean().optional(),
  /** Whether the scorer gave the same number on both splits each time: then it does not read NOCTURNE_SPLIT. */
  isSplitIgnored: z.boolean(),
  /** A sentence for the owner; absent when there is nothing to warn of. */
  warning: z.string().optional(),
});
export type GaugeReading = z.infer<typeof gaugeReadingSchema>;
