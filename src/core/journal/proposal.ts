/**
 * What a researcher hands in: a title, a hypothesis and edits. zod checks it, because models write these too.
 */
import { z } from 'zod';

/** A value of a knob as it is journalled. */
export const knobValueSchema = z.union([z.number(), z.boolean(), z.string(), z.array(z.number())]);
export type JournalledValue = z.infer<typeof knobValueSchema>;

/** One change to one editable file. Paths are relative to the sandbox. */
export const editSchema = z.discriminatedUnion('kind', [
  /** Sets a knob's literal, at its exact span. */
  z.object({ kind: z.literal('set-knob'), file: z.string(), knob: z.string(), to: knobValueSchema }),
  /** Replaces the only occurrence of `find`. */
  z.object({ kind: z.literal('replace'), file: z.string(), find: z.string().min(1), replace: z.string() }),
  /** Replaces the whole file. */
  z.object({ kind: z.literal('write'), file: z.string(), content: z.string() }),
]);
export type Edit = z.infer<typeof editSchema>;

/** Characters. */
export const maxTitle = 200;
export const maxHypothesis = 4000;

/** Where in files secrets stand whose marks something else has; characters. */
export const hiddenSchema = z.array(
  z.object({ file: z.string(), start: z.int().nonnegative(), length: z.int().positive() }),
);
export type Hidden = z.infer<typeof hiddenSchema>;

/** What to try and why. `knobs` turns constants only; `code` may change anything in the editable files. */
export const proposalSchema = z.object({
  title: z.string().min(1).max(maxTitle),
  hypothesis: z.string().max(maxHypothesis),
  kind: z.enum(['knobs', 'code']),
  edits: z.array(editSchema).min(1),
  /** Where in the parent's files the secrets stand whose marks the edits have; characters. */
  hidden: hiddenSchema.optional(),
});
export type Proposal = z.infer<typeof proposalSchema>;
