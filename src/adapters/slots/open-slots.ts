/**
 * The slots of this machine: what each of several runs at once has to itself.
 */
import { SettingsError } from '../../core/base/errors.ts';
import { amdDevices } from './amd-devices.ts';
import { readCores } from './cores.ts';
import { dealCores, dealGpus, type Wanted } from './deal-slots.ts';
import type { Environment } from './device.ts';
import { hasTpu } from './has-tpu.ts';
import { nvidiaDevices } from './nvidia-devices.ts';
import type { Slot, Slots } from './slot.ts';

/** A lone run that has the whole machine, as the owner's environment shows it. */
export const wholeMachine: Slots = {
  each: [{ variables: {}, shared: [] }],
  where: undefined,
  words: 'the whole machine',
  notes: [],
};

/** A slot of another machine, of which nothing is known here. */
export const elsewhere: Slots = { ...wholeMachine, where: {}, words: 'a machine of the engine each' };

/**
 * Looks what there is and deals it. Throws a SettingsError where the machine has too little for what is asked. A lone slot is the
 * whole machine, but in a study that has had several and whose runs all are to be on the same.
 */
export async function openSlots(wanted: Wanted, environment: Environment, hadSeveral = false): Promise<Slots> {
  const mayBeWhole = wanted.gpus === undefined && !hadSeveral;
  if (wanted.slots === 1 && mayBeWhole) return wholeMachine;
  const slots = await deal(wanted, environment);
  return slots.each.length === 1 && mayBeWhole ? wholeMachine : slots;
}

async function deal(wanted: Wanted, environment: Environment): Promise<Slots> {
  const cores = await readCores();
  if (wanted.gpus === 0) return withoutGpus(dealCores(wanted.slots, { cores, environment }));
  const accelerators = (await nvidiaDevices(environment)) ?? (await amdDevices(environment));
  if (accelerators) return dealGpus(wanted, accelerators, { cores });
  if (wanted.gpus !== undefined) {
    throw new SettingsError(`\`gpus: ${wanted.gpus}\` asks for GPUs, and nvidia-smi, amd-smi and rocm-smi show none.`, {
      hint: 'Leave it out to train on the CPU.',
    });
  }
  if (wanted.slots !== 1 && (await hasTpu())) throw noTpuSlots();
  return dealCores(wanted.slots, { cores, environment });
}

/** How many runs with this peak such free memory has room for; at least one. */
export function slotsInMemory(freeMib: number, peakMib: number): number {
  return Math.max(1, Math.floor(freeMib / (peakMib * memoryMargin)));
}

/** A candidate may hold more than the baseline does. */
const memoryMargin = 1.2;

function withoutGpus(slots: Slots): Slots {
  const hidden = { CUDA_VISIBLE_DEVICES: '-1', HIP_VISIBLE_DEVICES: '-1' };
  const each = slots.each.map((slot): Slot => ({ ...slot, variables: { ...slot.variables, ...hidden } }));
  return { ...slots, each };
}

function noTpuSlots(): SettingsError {
  return new SettingsError('This machine has a TPU, and several runs at once on one are not supported.', {
    hint: 'Leave `slots` out: a run then has all its chips. `gpus: 0` makes slots of the cores, for a training that does not use it.',
  });
}
