/**
 * The processors that this process may use.
 */
import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';

/** What runs may be given shares of. */
export interface Cores {
  /** How many there are: cores, not the threads of one. */
  readonly count: number;
  /**
   * The processor numbers of each core, those that are near each other in a row; undefined where a run cannot be kept to some, or
   * where a control group limits the time on all of them.
   */
  readonly places: readonly (readonly number[])[] | undefined;
  /** Their model, such as `AMD EPYC 9654 96-Core Processor`. */
  readonly model: string;
}

/** Reads them; `root` is where the system tells of itself. */
export async function readCores(root = '/'): Promise<Cores> {
  const read = (path: string) => readFile(`${root}${path}`, 'utf8').catch(() => '');
  const model = modelOf(await read('proc/cpuinfo'));
  const allowed = /^Cpus_allowed_list:\s*(\S+)/m.exec(await read('proc/self/status'))?.[1];
  if (allowed === undefined) return { count: availableParallelism(), places: undefined, model };
  const places = await groupByCore(readRanges(allowed), read);
  const limit = quotaOf(await read('sys/fs/cgroup/cpu.max'));
  if (limit >= places.length) return { count: places.length, places, model };
  return { count: Math.max(1, Math.floor(limit)), places: undefined, model };
}

/** Linux says it for each processor, in `model name` on x86; elsewhere Node knows, or the architecture must do. */
function modelOf(cpuinfo: string): string {
  const said = /^model name\s*:\s*(.+)$/m.exec(cpuinfo)?.[1] ?? cpus()[0]?.model ?? '';
  const plain = said.replace(/\s+/g, ' ').trim();
  return plain === '' || plain === 'unknown' ? `${process.arch} CPU` : plain;
}

/** The numbers of a list such as `0-3,8`. */
export function readRanges(text: string): readonly number[] {
  return [...text.matchAll(/(\d+)(?:-(\d+))?/g)].flatMap(([, first, last = first]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index),
  );
}

async function groupByCore(
  numbers: readonly number[],
  read: (path: string) => Promise<string>,
): Promise<readonly (readonly number[])[]> {
  const groups = new Map<string, { readonly order: readonly number[]; readonly members: number[] }>();
  for (const number of numbers) {
    const topology = `sys/devices/system/cpu/cpu${number}/topology`;
    const [socket, core] = [await read(`${topology}/physical_package_id`), await read(`${topology}/core_id`)];
    const isKnown = /^\d+\s*$/.test(socket) && /^\d+\s*$/.test(core);
    const key = isKnown ? `${socket.trim()} ${core.trim()}` : `processor ${number}`;
    const group = groups.get(key) ?? { order: isKnown ? [Number(socket), Number(core)] : [0, number], members: [] };
    groups.set(key, group);
    group.members.push(number);
  }
  const sorted = [...groups.values()].sort((one, other) => compare(one.order, other.order));
  return sorted.map(({ members }) => members);
}

function compare(
  [socket = 0, core = 0]: readonly number[],
  [otherSocket = 0, otherCore = 0]: readonly number[],
): number {
  return socket - otherSocket || core - otherCore;
}

/** The cores' worth of time that a control group allows, as in `200000 100000`; any number where it says `max`. */
function quotaOf(text: string): number {
  const [quota, period] = text.trim().split(/\s+/).map(Number);
  return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? quota / period : Infinity;
}
