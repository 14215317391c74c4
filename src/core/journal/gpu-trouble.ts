/**
 * What a GPU did to a run, and the pause that follows until it can be used again.
 */
import { z } from 'zod';

/**
 * `lost`: it does not answer any more. `filled`: other processes hold its memory. `broken`: it answers, but the incumbent
 * cannot train on it either.
 */
export const gpuTroubleKindSchema = z.enum(['lost', 'filled', 'broken']);

export const gpuTroubleSchema = z.object({
  kind: gpuTroubleKindSchema,
  reason: z.string(),
  /** Whether more than the run's own log says so: then the run never counts against its candidate. */
  isSeen: z.boolean(),
});
export type GpuTrouble = z.infer<typeof gpuTroubleSchema>;

/** A time in which the study waited for its GPU. */
export interface GpuPause {
  readonly kind: GpuTrouble['kind'];
  readonly reason: string;
  /** The run that it ended. */
  readonly experiment: number;
  readonly since: string;
  /** Absent while the study waits. */
  readonly until?: string;
}
