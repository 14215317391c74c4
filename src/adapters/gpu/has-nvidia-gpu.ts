/**
 * Whether this machine has a GPU that NVIDIA's own tool can see.
 */
import { execa } from 'execa';

/** False too where nvidia-smi is missing or does not answer. */
export async function hasNvidiaGpu(): Promise<boolean> {
  const { stdout, failed } = await execa('nvidia-smi', ['-L'], { reject: false, timeout: 20_000 });
  return !failed && stdout.includes('GPU ');
}
