/**
 * The fields that many entries share.
 */
import { z } from 'zod';

export const experimentField = z.number().int().nonnegative();
export const runField = z.number().int().positive();
export const seedField = z.number().int().nonnegative();
export const slotField = z.number().int().nonnegative();
export const commitField = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/);

/** A researcher of `auto` that takes no part in a session, and why. */
export const absentSchema = z.object({ researcher: z.string(), reason: z.string() });
export type AbsentResearcher = z.infer<typeof absentSchema>;
