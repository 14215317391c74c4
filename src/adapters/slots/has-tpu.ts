/**
 * Whether this machine has a TPU, as JAX and PyTorch/XLA find out: by the chips on its bus.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const google = '0x1ae0';
/** From v2 to TPU8; other devices of the vendor are network cards and disks. */
const chips: ReadonlySet<string> = new Set('0x0027 0x0056 0x005e 0x0062 0x0063 0x006f 0x0076 0x007c 0x0083'.split(' '));

/** False too where that cannot be known. */
export async function hasTpu(bus = '/sys/bus/pci/devices'): Promise<boolean> {
  const read = (...path: string[]) =>
    readFile(join(bus, ...path), 'utf8').then(
      (text) => text.trim(),
      () => '',
    );
  for (const device of await readdir(bus).catch(() => [])) {
    if ((await read(device, 'vendor')) === google && chips.has(await read(device, 'device'))) return true;
  }
  return false;
}
