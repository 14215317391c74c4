/**
 * The memory that runs may still take.
 */
import { readFile } from 'node:fs/promises';
import { freemem } from 'node:os';

/** MiB that are free, within the control group's limit; `root` is where the system tells of itself. */
export async function freeMemoryMib(root = '/'): Promise<number> {
  const read = (path: string) => readFile(`${root}${path}`, 'utf8').catch(() => '');
  const available = /^MemAvailable:\s*(\d+) kB/m.exec(await read('proc/meminfo'))?.[1];
  const free = available === undefined ? freemem() : Number(available) * 1024;
  const group = 'sys/fs/cgroup';
  const limit = (await read(`${group}/memory.max`)).trim();
  if (!/^\d+$/.test(limit)) return Math.floor(free / 2 ** 20);
  const used = Number((await read(`${group}/memory.current`)).trim());
  // Pages of files are given back when memory is wanted.
  const cached = Number(/^inactive_file (\d+)/m.exec(await read(`${group}/memory.stat`))?.[1] ?? 0);
  return Math.floor(Math.min(free, Math.max(0, Number(limit) - (used - cached))) / 2 ** 20);
}
