/**
 * Asks an interpreter what a training would run on: the GPU or CPU, its memory, and its measured speed.
 */
import { execa } from 'execa';
import { z } from 'zod';
import type { Device } from '../../core/preset/preset.ts';
import { packagePath } from '../package-root.ts';

const deviceSchema = z.object({
  kind: z.enum(['cuda', 'mps', 'cpu', 'none']),
  name: z.string(),
  type: z.string(),
  capability: z.string().optional(),
  memoryMb: z.number(),
  freeMemoryMb: z.number(),
  teraflops: z.number(),
  torch: z.string().nullable(),
});

/** What this interpreter's torch would train on; undefined when it has no torch or does not answer within two minutes. */
export async function probeDevice(interpreter: string): Promise<Device | undefined> {
  const { stdout, failed } = await execa(interpreter, [packagePath('src', 'python', 'probe_device.py')], {
    reject: false,
    timeout: 120_000,
    stdin: 'ignore',
  });
  if (failed) return undefined;
  const { kind, torch, capability, ...rest } = deviceSchema.parse(JSON.parse(stdout));
  if (kind === 'none' || torch === null) return undefined;
  return { ...rest, kind, ...(capability === undefined ? {} : { capability }) };
}
