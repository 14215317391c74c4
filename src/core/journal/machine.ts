/**
 * What the runs of a session have: processors, memory, GPUs, and the packages of their Python.
 */
import { z } from 'zod';

const gpuSchema = z.object({
  name: z.string(),
  totalMib: z.number().nonnegative().optional(),
  /** When the session began. */
  freeMib: z.number().nonnegative().optional(),
  /** Compute capability, such as `9.0`. */
  capability: z.string().optional(),
});

export const machineSchema = z.object({
  /** Such as `Linux x86_64`. */
  platform: z.string(),
  /** Processors that a run may use. */
  cores: z.number().positive().optional(),
  memoryMib: z.number().positive().optional(),
  /** The NVIDIA GPUs that a run may use; absent where that cannot be known. */
  gpus: z.array(gpuSchema).optional(),
  python: z.string(),
  /** The CUDA or ROCm that torch was built for; absent for a torch without either. */
  cuda: z.string().optional(),
  rocm: z.string().optional(),
  /** By the name that is imported, the version of each usual package that is there; empty where it is not said. */
  packages: z.record(z.string(), z.string()),
  /** Usual packages that are not there. */
  absent: z.array(z.string()),
});
/** Where runs run, as it was found when a session began. */
export type Machine = z.infer<typeof machineSchema>;
