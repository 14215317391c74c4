/**
 * What was wrong with the journal and is so no more: another program wrote into it, or the owner repaired it.
 */
import { z } from 'zod';

export const intrusionSchema = z.object({
  /** What another program did while a controller held the journal; `repaired` is what `nocturne check --repair` did. */
  kind: z.enum(['appended', 'changed', 'removed', 'repaired']),
  /** Bytes that were moved aside. */
  bytes: z.number().int().nonnegative(),
  /** The file beside the journal that has them. */
  moved: z.string().optional(),
  /** What was wrong, in words, of a repair. */
  detail: z.string().optional(),
});
export type Intrusion = z.infer<typeof intrusionSchema>;
