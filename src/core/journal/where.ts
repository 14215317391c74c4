/**
 * Where a run ran: on which machine, and on what it trained there. Runs on different devices are never compared.
 */
import { z } from 'zod';

export const whereSchema = z.object({
  /** The machine's own name. */
  node: z.string().max(1000),
  /** Its model, such as `NVIDIA L4`, or `2 x NVIDIA L4` for a run that has two. */
  device: z.string().max(1000),
});
export type Where = z.infer<typeof whereSchema>;
