/**
 * What a full disk did to a run.
 */
import { z } from 'zod';

export const diskTroubleSchema = z.object({
  /** `filled`: the run itself took the room. */
  kind: z.enum(['full', 'filled']),
  /** Whether it was still full when the run had ended, so that more than the run's own word says so. */
  isSeen: z.boolean(),
  /** Bytes that were free then. */
  free: z.number().nonnegative(),
  /** Bytes that are to be free before it is run again. */
  needed: z.number().nonnegative(),
});
export type DiskTrouble = z.infer<typeof diskTroubleSchema>;
