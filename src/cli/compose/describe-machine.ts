/**
 * What the runs of a session have, for the models and agents that write them.
 */
import { listGpus } from '../../adapters/gpu/nvidia-smi.ts';
import { probePackages } from '../../adapters/python/packages-probe.ts';
import type { Machine } from '../../core/journal/machine.ts';
import { usualPackages } from '../../core/llm/usual-packages.ts';

/** A driver that hangs must not hold the study up for long: models are then told nothing of its GPU. */
const gpuMilliseconds = 10_000;

/** The machine as this interpreter and nvidia-smi see it; undefined where the interpreter does not say. */
export async function describeMachine(interpreter: string): Promise<Machine | undefined> {
  const [machine, gpus] = await Promise.all([
    probePackages(interpreter, usualPackages),
    listGpus(process.env, new AbortController().signal, gpuMilliseconds),
  ]);
  return machine && { ...machine, ...(gpus && { gpus }) };
}
