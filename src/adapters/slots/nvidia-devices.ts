/**
 * The NVIDIA GPUs of this machine, and their slices, as `nvidia-smi -L` lists them.
 */
import { type Accelerators, chosenIn, type Device, type Environment } from './device.ts';
import { linesOf } from './lines-of.ts';

interface Listed extends Device {
  readonly uuid: string;
  readonly isSlice: boolean;
}

/** A line such as `GPU 0: NVIDIA A100-SXM4-80GB (UUID: GPU-5d4b…)`. */
const gpuLine = /^GPU (\d+): (.+?) \(UUID: ([^)]+)\)/;
/** A line such as `  MIG 1g.10gb     Device  0: (UUID: MIG-6e95…)`, below that of its GPU. */
const sliceLine = /^\s+MIG (\S+)\s+Device\s+\d+: \(UUID: ([^)]+)\)/;

/** The GPUs that runs may be dealt; undefined where there is no NVIDIA GPU, or the owner hides all. */
export async function nvidiaDevices(environment: Environment): Promise<Accelerators | undefined> {
  const chosen = chosenIn(environment.CUDA_VISIBLE_DEVICES);
  if (chosen?.length === 0) return undefined;
  const lines = await linesOf('nvidia-smi', ['-L'], environment);
  const listed = lines === undefined ? [] : readList(lines);
  if (listed.length === 0) return undefined;
  const variable = 'CUDA_VISIBLE_DEVICES';
  if (chosen === undefined) {
    const devices = listed.filter((device) => device.isSlice || !hasSlices(device, listed));
    // By itself CUDA counts the fastest GPU first, and nvidia-smi by the place on the bus.
    const also = { CUDA_DEVICE_ORDER: 'PCI_BUS_ID' };
    return { devices: devices.map(plain), variable, also, mayBeGrouped: !devices.some(({ isSlice }) => isSlice) };
  }
  const devices = chosen.map((id) => ({ id, name: nameOf(id, listed) }));
  return { devices, variable, also: {}, mayBeGrouped: !chosen.some((id) => id.startsWith('MIG-')) };
}

function readList(lines: readonly string[]): Listed[] {
  const listed: Listed[] = [];
  let gpu = '';
  for (const line of lines) {
    const [, index, name = '', uuid = ''] = gpuLine.exec(line) ?? [];
    if (index !== undefined) {
      gpu = name;
      listed.push({ id: index, name, uuid, isSlice: false });
    }
    const [, profile, slice = ''] = sliceLine.exec(line) ?? [];
    if (profile !== undefined) listed.push({ id: slice, name: `${gpu} MIG ${profile}`, uuid: slice, isSlice: true });
  }
  return listed;
}

/** A GPU's slices stand right below it. */
function hasSlices(device: Listed, listed: readonly Listed[]): boolean {
  return listed[listed.indexOf(device) + 1]?.isSlice === true;
}

/** The model of a GPU by its index or by the beginning of its UUID. */
function nameOf(id: string, listed: readonly Listed[]): string {
  return (
    listed.find((device) => device.id === id || (/^(?:GPU|MIG)-/.test(id) && device.uuid.startsWith(id)))?.name ?? 'GPU'
  );
}

function plain({ id, name }: Listed): Device {
  return { id, name };
}
