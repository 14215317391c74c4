/**
 * What the owner says of how a study is to go on, as commands leave it for the controller.
 */
import { z } from 'zod';
import { extensibleRules } from './settings/stop-rules.ts';

export const ownerWordSchemas = [
  /** Begin nothing, and let runs in flight end, until a `resume`. */
  z.object({ kind: z.literal('pause') }),
  z.object({ kind: z.literal('resume') }),
  /** Raise stop rules by so much. */
  z.object({ kind: z.literal('extend'), by: extensibleRules }),
  /** Take this keep out, and try what stood on it again. */
  z.object({ kind: z.literal('revert'), experiment: z.int().nonnegative() }),
] as const;

export type OwnerWord = Readonly<z.infer<(typeof ownerWordSchemas)[number]>>;
