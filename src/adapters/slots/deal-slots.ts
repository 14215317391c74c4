/**
 * Deals the GPUs or the cores of this machine to slots: each gets as much as any other, and none gets what another one has unless
 * the owner asked for that.
 */
import { SettingsError } from '../../core/base/errors.ts';
import { countText } from '../../core/base/format.ts';
import type { Brief } from '../../core/brief/brief.ts';
import type { Cores } from './cores.ts';
import type { Accelerators, Device, Environment } from './device.ts';
import type { Slot, Slots } from './slot.ts';

/** The settings that say what slots are wanted. */
export type Wanted = Pick<Brief, 'slots' | 'slotsPerGpu' | 'gpus'>;

/** What there is beside accelerators. */
export interface Found {
  readonly cores: Cores;
  /** Nocturne's own environment: the numbers of threads that it sets stay. */
  readonly environment: Environment;
}

/** Slots of GPUs. Throws a SettingsError where there are too few for what is asked. */
export function dealGpus(wanted: Wanted, accelerators: Accelerators, { cores }: Pick<Found, 'cores'>): Slots {
  const { devices, left } = alikeOf(accelerators.devices);
  const { gpus = 1, slotsPerGpu } = wanted;
  const groups = groupsOf(devices, gpus, accelerators);
  const most = groups.length * slotsPerGpu;
  const count = wanted.slots === 'auto' ? most : wanted.slots;
  if (count > most) throw tooFewGpus(count, { gpus, slotsPerGpu, have: devices.length, left });
  const isShared = count > groups.length;
  const each = withCores(count, cores).map((slot, index): Slot => {
    const ids = (groups[index % groups.length] ?? []).map(({ id }) => id);
    const variables = { ...accelerators.also, [accelerators.variable]: ids.join(',') };
    return { ...slot, variables, shared: isShared ? [...slot.shared, 'gpus'] : slot.shared };
  });
  const name = devices[0]?.name ?? 'GPU';
  const what = gpus === 1 ? 'a GPU each' : `${gpus} GPUs each`;
  const shared = isShared ? `, ${countText(slotsPerGpu, 'run')} to a GPU` : '';
  return {
    each,
    where: { device: deviceText(gpus, name) },
    words: `${what} (${name}${shared})`,
    notes: leftText(left),
  };
}

/** Slots that are shares of the cores; with more slots than cores, all share all. */
export function dealCores(asked: Brief['slots'], { cores, environment }: Found): Slots {
  const count = asked === 'auto' ? cores.count : asked;
  const own = Math.max(1, Math.floor(cores.count / count));
  const variables = count === 1 ? {} : threadVariables(own, environment);
  const each = withCores(count, cores).map((slot): Slot => ({ ...slot, variables }));
  const have = countText(cores.count, 'core');
  const isOver = count > cores.count;
  const words = isOver ? `all of them share ${have}` : `${own} of ${have} each`;
  const notes = isOver
    ? [
        `${count} runs at once share ${have}, as you ask: each is slower, and none is repeated for what the others take from it.`,
      ]
    : [];
  return { each, where: { device: cores.model }, words, notes };
}

/** What slots have of the cores: as many each, or all of them together where they cannot be divided. */
function withCores(count: number, { places }: Cores): readonly Omit<Slot, 'variables'>[] {
  if (count < 2) return [{ shared: [] }];
  if (places === undefined || count > places.length)
    return Array.from({ length: count }, () => ({ shared: ['cores'] }));
  const size = Math.floor(places.length / count);
  return Array.from({ length: count }, (_, index) => ({
    processors: places.slice(index * size, (index + 1) * size).flat(),
    shared: [],
  }));
}

/** By which libraries learn how many threads to start; what the owner sets stays. */
const threadNames = [
  'OMP_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'MKL_NUM_THREADS',
  'BLIS_NUM_THREADS',
  'VECLIB_MAXIMUM_THREADS',
  'NUMEXPR_NUM_THREADS',
];

function threadVariables(threads: number, environment: Environment): Readonly<Record<string, string>> {
  const free = threadNames.filter((name) => environment[name] === undefined);
  return Object.fromEntries(free.map((name) => [name, String(threads)]));
}

/** The devices of the model of which there are most: runs on different ones could not be compared. */
function alikeOf(devices: readonly Device[]): { devices: readonly Device[]; left: readonly Device[] } {
  const like = ({ name }: Device) => devices.filter((device) => device.name === name);
  const alike = devices.map(like).reduce((most, each) => (each.length > most.length ? each : most), []);
  return { devices: alike, left: devices.filter((device) => !alike.includes(device)) };
}

function leftText(left: readonly Device[]): readonly string[] {
  if (left.length === 0) return [];
  const names = [...new Set(left.map(({ name }) => name))].join(', ');
  return [`Runs on different GPUs cannot be compared, so these are left out: ${names}.`];
}

function groupsOf(
  devices: readonly Device[],
  size: number,
  { mayBeGrouped }: Accelerators,
): readonly (readonly Device[])[] {
  if (size > 1 && !mayBeGrouped) {
    throw new SettingsError(
      `\`gpus: ${size}\` asks for ${size} GPUs for each run, and a process can use one slice of a GPU (MIG).`,
      {
        hint: 'Leave `gpus` out, or switch MIG off.',
      },
    );
  }
  if (size > devices.length)
    throw new SettingsError(tooFewText(size, devices.length), { hint: `Write \`gpus: ${devices.length}\`.` });
  return Array.from({ length: Math.floor(devices.length / size) }, (_, index) =>
    devices.slice(index * size, (index + 1) * size),
  );
}

function tooFewText(size: number, have: number): string {
  return `\`gpus: ${size}\` asks for ${size} GPUs for each run, and this machine has ${have === 0 ? 'none' : `${have} of one kind`}.`;
}

interface Shortage {
  readonly gpus: number;
  readonly slotsPerGpu: number;
  readonly have: number;
  readonly left: readonly Device[];
}

function tooFewGpus(count: number, { gpus, slotsPerGpu, have, left }: Shortage): SettingsError {
  const need = gpus === 1 ? 'a GPU each' : `${gpus} GPUs each`;
  const own = slotsPerGpu === 1 ? need : `${need}, ${slotsPerGpu} to a GPU`;
  const groups = Math.floor(have / gpus);
  const there = `${countText(have, 'GPU')}${left.length > 0 ? ' of one kind' : ''}`;
  return new SettingsError(`${count} runs at once would have ${own}, and this machine has ${there}.`, {
    hint:
      `Write \`slots: ${groups * slotsPerGpu}\`, or \`slots_per_gpu: ${Math.ceil(count / groups)}\` to have runs share a GPU; ` +
      '`gpus: 0` is for a training that uses none.',
  });
}

/** What a slot is, in a few words that are the same wherever it is the same. */
function deviceText(count: number, name: string): string {
  return count === 1 ? name : `${count} x ${name}`;
}
