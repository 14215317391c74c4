import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCores, readRanges } from '../../../src/adapters/slots/cores.ts';
import { freeMemoryMib } from '../../../src/adapters/slots/free-memory.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

/** A system that tells of itself in these files. */
function system(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return `${root}/`;
}

/** Two sockets of two cores of two threads, numbered as Linux does: the second threads come after all first ones. */
const topology = Object.fromEntries(
  Array.from({ length: 8 }, (_, number) => {
    const folder = `sys/devices/system/cpu/cpu${number}/topology`;
    return [
      [`${folder}/physical_package_id`, `${Math.floor((number % 4) / 2)}\n`],
      [`${folder}/core_id`, `${number % 2}\n`],
    ] as const;
  }).flat(),
);
const allowed = (list: string) => ({ 'proc/self/status': `Name:\tnode\nCpus_allowed_list:\t${list}\n` });
const cpuinfo = { 'proc/cpuinfo': 'processor\t: 0\nmodel name\t: AMD EPYC  9654 96-Core Processor\n' };

describe('cores', () => {
  it('are counted without the second threads, and those of a socket come in a row', async () => {
    expect(await readCores(system({ ...topology, ...allowed('0-7'), ...cpuinfo }))).toEqual({
      count: 4,
      places: [
        [0, 4],
        [1, 5],
        [2, 6],
        [3, 7],
      ],
      model: 'AMD EPYC 9654 96-Core Processor',
    });
  });

  it('are those that this process may use', async () => {
    const { places } = await readCores(system({ ...topology, ...allowed('1,3,7') }));
    expect(places).toEqual([[1], [3, 7]]);
  });

  it('are one for each processor where the topology is not told', async () => {
    expect(await readCores(system(allowed('0-2')))).toMatchObject({ count: 3, places: [[0], [1], [2]] });
  });

  it.each([
    ['200000 100000', 2],
    ['150000 100000', 1],
    ['50000 100000', 1],
  ])('of a control group with the quota %s are not told apart, because it says only how much', async (quota, count) => {
    const cores = await readCores(system({ ...allowed('0-7'), 'sys/fs/cgroup/cpu.max': `${quota}\n` }));
    expect(cores).toMatchObject({ count, places: undefined });
  });

  it.each(['max 100000', '800000 100000'])('are all there with the quota %s', async (quota) => {
    const cores = await readCores(system({ ...allowed('0-7'), 'sys/fs/cgroup/cpu.max': `${quota}\n` }));
    expect(cores).toMatchObject({ count: 8, places: expect.any(Array) });
  });

  it('are counted where the system tells nothing', async () => {
    const cores = await readCores(system({}));
    expect(cores).toMatchObject({ count: expect.any(Number), places: undefined });
    expect(cores.count).toBeGreaterThan(0);
    expect(cores.model).not.toBe('');
  });

  it('of this machine have a model and are at least one', async () => {
    const cores = await readCores();
    expect(cores.count).toBeGreaterThan(0);
    expect(cores.model).not.toBe('');
  });
});

it.each([
  ['0-3,8', [0, 1, 2, 3, 8]],
  ['5', [5]],
  ['', []],
])('the list %j names these processors', (text, numbers) => {
  expect(readRanges(text)).toEqual(numbers);
});

describe('free memory', () => {
  const meminfo = { 'proc/meminfo': 'MemTotal: 8388608 kB\nMemFree: 1024 kB\nMemAvailable:    4194304 kB\n' };
  const group = (limit: string) => ({
    'sys/fs/cgroup/memory.max': `${limit}\n`,
    'sys/fs/cgroup/memory.current': `${1024 * 2 ** 20}\n`,
    'sys/fs/cgroup/memory.stat': `anon 5\ninactive_file ${512 * 2 ** 20}\n`,
  });

  it.each([
    ['of the machine is what is available', meminfo, 4096],
    [
      'in a control group is what is left of its limit, files in memory apart',
      { ...meminfo, ...group(`${2 ** 31}`) },
      1536,
    ],
    ['in a control group without a limit is that of the machine', { ...meminfo, ...group('max') }, 4096],
    ['in a control group with a large limit is that of the machine', { ...meminfo, ...group(`${2 ** 40}`) }, 4096],
  ])('%s', async (_, files, mib) => {
    expect(await freeMemoryMib(system(files))).toBe(mib);
  });
});
