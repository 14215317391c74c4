/**
 * What the runs of a session have, for the models and agents that write them.
 */
import { listGpus } from '../../adapters/gpu/nvidia-smi.ts';
import { probePackages } from '../../adapters/python/packages-probe.ts';
import { openSlots, wholeMachine } from '../../adapters/slots/open-slots.ts';
import type { Brief } from '../../core/brief/brief.ts';
import type { Machine } from '../../core/journal/machine.ts';
import { usualPackages } from '../../core/llm/usual-packages.ts';
import { engineOpeners } from './engines.ts';

/** A driver that hangs must not hold the study up for long: models are then told nothing of its GPU. */
const gpuMilliseconds = 10_000;

/**
 * The machine as this interpreter and nvidia-smi see it, of runs at once the part that each of them has; undefined where the
 * interpreter does not say.
 */
export async function describeMachine(interpreter: string, brief: Brief): Promise<Machine | undefined> {
  const slots = engineOpeners[brief.engine].isAway ? wholeMachine : await openSlots(brief, process.env);
  const [slot] = slots.each;
  const [machine, gpus] = await Promise.all([
    probePackages(interpreter, usualPackages),
    listGpus({ ...process.env, ...slot?.variables }, new AbortController().signal, gpuMilliseconds),
  ]);
  return machine && { ...machine, ...(slot?.processors && { cores: slot.processors.length }), ...(gpus && { gpus }) };
}
