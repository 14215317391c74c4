/**
 * Entries about what no decision and no researcher may know: scores on the holdout, and confirmations.
 */
import { z } from 'zod';
import { carryOverSchema, confirmedGainSchema } from './confirmed-gain.ts';
import { commitField, experimentField, runField, seedField, slotField } from './entry-parts.ts';
import { gaugeReadingSchema } from './gauge-reading.ts';
import { runResultSchema } from './run.ts';

/** Which data a scorer grades on. */
export const splitSchema = z.enum(['validation', 'holdout']);
export type Split = z.infer<typeof splitSchema>;

/** `baseline`, `final`, or for the final without experiment 7 `without-7`; also the name of a folder. */
const contenderField = z.string().regex(/^(?:baseline|final|without-\d+)$/);
const confirmationField = z.number().int().positive();

export const heldOutBodies = [
  /** The weights that a kept experiment's run saved, graded on the holdout. */
  z.object({ event: z.literal('holdout-scored'), experiment: experimentField, run: runField, result: runResultSchema }),
  z.object({ event: z.literal('gauge-read'), reading: gaugeReadingSchema }),
  z.object({
    event: z.literal('confirmation-planned'),
    confirmation: confirmationField,
    /** The incumbent that is confirmed. */
    experiment: experimentField,
    split: splitSchema,
    /** Why the split is not the holdout; empty when it is. */
    reason: z.string(),
    /** Fresh seeds per contender. */
    runs: z.number().int().min(2),
    isAblated: z.boolean(),
    /** The training budget of its runs in seconds, where it is longer than the study's. */
    budgetSeconds: z.number().positive().optional(),
    contenders: z.array(
      z.object({ contender: contenderField, commit: commitField, without: experimentField.optional() }),
    ),
    /** Kept steps that cannot be left out of the final, and why. */
    inseparable: z.array(z.object({ experiment: experimentField, reason: z.string() })),
  }),
  z.object({
    event: z.literal('confirmation-run-started'),
    confirmation: confirmationField,
    contender: contenderField,
    run: runField,
    seed: seedField,
    /** Which of the confirmation's slots it has, from 0 on; absent where there is one. */
    slot: slotField.optional(),
  }),
  z.object({
    event: z.literal('confirmation-run-ended'),
    confirmation: confirmationField,
    contender: contenderField,
    run: runField,
    result: runResultSchema,
  }),
  z.object({
    event: z.literal('gain-confirmed'),
    confirmation: confirmationField,
    gain: confirmedGainSchema,
    /** For a confirmation at a longer budget: whether the gain is still there. */
    carryOver: carryOverSchema.optional(),
  }),
] as const;
