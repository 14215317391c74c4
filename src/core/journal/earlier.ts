/**
 * Experiments of another program that a study goes on from: what was tried, what came of it, and with which settings.
 *
 * They were measured elsewhere. Their scores are never compared with the study's own: a search learns from their gains, a
 * model from what they tried.
 */
import { z } from 'zod';

/** The file `earlier.json`, and what `study-started` keeps of it. */
export const earlierSchema = z.object({
  /** The ledger that they are from, as the owner named it. */
  source: z.string().max(500),
  metric: z.string().max(200),
  goal: z.enum(['minimize', 'maximize']),
  /** In their order. */
  experiments: z
    .array(
      z.object({
        title: z.string().max(600),
        /** `other` for one that was neither kept nor discarded. */
        status: z.enum(['keep', 'discard', 'crash', 'other']),
        isBaseline: z.boolean().optional(),
        /** Null where it has no score. */
        value: z.number().nullable(),
        /** What its ledger says of its settings, by name, as text. */
        settings: z.record(z.string(), z.string()).optional(),
      }),
    )
    .max(2000),
});
export type Earlier = z.infer<typeof earlierSchema>;
export type EarlierExperiment = Earlier['experiments'][number];
