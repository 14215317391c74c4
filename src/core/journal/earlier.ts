/**
 * Experiments of another program that a study goes on from: what was tried, what came of it, and with which settings.
 *
 * They were measured elsewhere. Their scores are never compared with the study's own: a search learns from their gains, a
 * model from what they tried.
 */
import { z } from 'zod';
import { knobValueSchema } from './proposal.ts';

/** What a study of this repository knows that no ledger of another program does: exact values, of what started where this one starts. */
const knownStudySchema = z.object({
  tag: z.string(),
  /** Whether the settings that give scores their meaning were the same: only then is the same candidate not run again. */
  isComparable: z.boolean(),
  /** The mean score of the candidate that this study starts from; lower is better here, for either goal. */
  start: z.number(),
  /** As a search sees them, moved to that candidate: the values of knobs by `file:KNOB`, and a score for each run, none for a failure. */
  trials: z.array(z.object({ values: z.record(z.string(), knobValueSchema), scores: z.array(z.number()) })),
  /** What recipes have tried of one knob, or of several together. */
  recipes: z.array(
    z.object({
      settings: z.array(
        z.object({ file: z.string(), knob: z.string(), from: knobValueSchema.optional(), to: knobValueSchema }),
      ),
      isKept: z.boolean(),
    }),
  ),
  /** Content of the editable files -> what had it, such as `experiment 12 of study nov28`. */
  tried: z.record(z.string(), z.string()),
});
export type KnownStudy = z.infer<typeof knownStudySchema>;

/** The number of an experiment of an earlier study, which has none in this one. */
export const beforeStudy = -1;

/** What an earlier study tried with this content; undefined for nothing, or where its scores have another meaning. */
export function triedBeforeStudy(earlier: Earlier | undefined, content: string): string | undefined {
  const study = earlier?.study;
  return study?.isComparable && Object.hasOwn(study.tried, content) ? study.tried[content] : undefined;
}

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
        /** Why it failed or was not kept, where that says more than its score. */
        reason: z.string().max(400).optional(),
      }),
    )
    .max(2000),
  /** Present where they are of a study of this repository. */
  study: knownStudySchema.optional(),
});
export type Earlier = z.infer<typeof earlierSchema>;
export type EarlierExperiment = Earlier['experiments'][number];
