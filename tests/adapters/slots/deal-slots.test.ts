import { describe, expect, it } from 'vitest';
import type { Cores } from '../../../src/adapters/slots/cores.ts';
import { dealCores, dealGpus, type Wanted } from '../../../src/adapters/slots/deal-slots.ts';
import { openSlots, slotsInMemory, wholeMachine } from '../../../src/adapters/slots/open-slots.ts';
import { fakeNvidiaSmi, listOf } from '../../helpers/nvidia-smi.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const four: Cores = {
  count: 4,
  places: [
    [0, 4],
    [1, 5],
    [2, 6],
    [3, 7],
  ],
  model: 'EPYC',
};
const limited: Cores = { count: 2, places: undefined, model: 'EPYC' };
const found = { cores: four, environment: {} };

function gpus(...names: readonly string[]) {
  const devices = names.map((name, index) => ({ id: String(index), name }));
  return { devices, variable: 'CUDA_VISIBLE_DEVICES', also: {}, mayBeGrouped: true };
}

function deal(wanted: Partial<Wanted>, accelerators = gpus('L4', 'L4', 'L4', 'L4'), given = found) {
  return dealGpus({ slots: 'auto', slotsPerGpu: 1, gpus: undefined, ...wanted }, accelerators, given);
}

const shown = ({ each }: ReturnType<typeof deal>) => each.map(({ variables }) => variables.CUDA_VISIBLE_DEVICES);

describe('slots of GPUs', () => {
  it('have one each', () => {
    const slots = deal({});
    expect(shown(slots)).toEqual(['0', '1', '2', '3']);
    expect(slots).toMatchObject({ where: { device: 'L4' }, words: 'a GPU each (L4)', notes: [] });
    expect(slots.each.map(({ shared }) => shared)).toEqual([[], [], [], []]);
  });

  it('have an equal share of the cores each, and set no number of threads', () => {
    const { each } = deal({ slots: 2 });
    expect(each.map(({ processors }) => processors)).toEqual([
      [0, 4, 1, 5],
      [2, 6, 3, 7],
    ]);
    expect(Object.keys(each[0]?.variables ?? {})).toEqual(['CUDA_VISIBLE_DEVICES']);
  });

  it('have as many each as a run wants', () => {
    const slots = deal({ gpus: 2 });
    expect(shown(slots)).toEqual(['0,1', '2,3']);
    expect(slots).toMatchObject({ where: { device: '2 x L4' }, words: '2 GPUs each (L4)' });
    expect(shown(deal({ gpus: 3 }))).toEqual(['0,1,2']);
  });

  it('share them only where the owner asks, and those that have as few come first', () => {
    const slots = deal({ slots: 6, slotsPerGpu: 2 });
    expect(shown(slots)).toEqual(['0', '1', '2', '3', '0', '1']);
    expect(slots.each.map(({ shared }) => shared)).toEqual(Array(6).fill(['cores', 'gpus']));
    expect(slots.words).toBe('a GPU each (L4, 2 runs to a GPU)');
    expect(deal({ slots: 4, slotsPerGpu: 2 }).each.map(({ shared }) => shared)).toEqual([[], [], [], []]);
  });

  it('are as many as asked at the most, and the owner is told what would do', () => {
    expect(() => deal({ slots: 5 })).toThrow('5 runs at once would have a GPU each, and this machine has 4 GPUs.');
    const hint = expect.stringContaining('Write `slots: 4`, or `slots_per_gpu: 2` to have runs share a GPU');
    expect(() => deal({ slots: 5 })).toThrow(expect.objectContaining({ hint }));
    expect(() => deal({ slots: 3, gpus: 2 })).toThrow('3 runs at once would have 2 GPUs each');
    expect(() => deal({ slots: 9, slotsPerGpu: 2 })).toThrow('9 runs at once would have a GPU each, 2 to a GPU');
    expect(() => deal({ gpus: 5 })).toThrow(
      '`gpus: 5` asks for 5 GPUs for each run, and this machine has 4 of one kind.',
    );
  });

  it('are of one model, the one of which there are most, and what is left out is said', () => {
    const slots = deal({}, gpus('T4', 'L4', 'L4'));
    expect(shown(slots)).toEqual(['1', '2']);
    expect(slots.notes).toEqual(['Runs on different GPUs cannot be compared, so these are left out: T4.']);
    expect(() => deal({ slots: 3 }, gpus('T4', 'L4', 'L4'))).toThrow('this machine has 2 GPUs of one kind');
  });

  it('of slices of GPUs have one each', () => {
    const slices = { ...gpus('MIG', 'MIG'), mayBeGrouped: false };
    expect(shown(deal({}, slices))).toEqual(['0', '1']);
    expect(() => deal({ gpus: 2 }, slices)).toThrow('a process can use one slice of a GPU (MIG)');
  });

  it('that are more than the cores share these', () => {
    const { each } = deal({}, gpus('L4', 'L4', 'L4'), { cores: limited, environment: {} });
    expect(each.map(({ processors, shared }) => [processors, shared])).toEqual([
      [undefined, ['cores']],
      [undefined, ['cores']],
      [undefined, ['cores']],
    ]);
  });
});

describe('slots of cores', () => {
  it('are as many as the cores, and each is kept to its own', () => {
    const slots = dealCores('auto', found);
    expect(slots.each.map(({ processors }) => processors)).toEqual(four.places);
    expect(slots).toMatchObject({ where: { device: 'EPYC' }, words: '1 of 4 cores each', notes: [] });
  });

  it('have equal shares: what cannot be divided is left', () => {
    const { each } = dealCores(3, found);
    expect(each.map(({ processors }) => processors)).toEqual([
      [0, 4],
      [1, 5],
      [2, 6],
    ]);
  });

  it('start as many threads as they have cores, unless the owner says how many', () => {
    const [first] = dealCores(2, { ...found, environment: { OMP_NUM_THREADS: '7' } }).each;
    expect(first?.variables).toMatchObject({ MKL_NUM_THREADS: '2', OPENBLAS_NUM_THREADS: '2' });
    expect(first?.variables).not.toHaveProperty('OMP_NUM_THREADS');
  });

  it('that are more than the cores share them, as is said', () => {
    const { each, notes, words } = dealCores(8, found);
    expect(each).toHaveLength(8);
    expect(each.map(({ processors, shared }) => [processors, shared])).toEqual(Array(8).fill([undefined, ['cores']]));
    expect(each[0]?.variables.OMP_NUM_THREADS).toBe('1');
    expect(words).toBe('all of them share 4 cores');
    expect(notes).toEqual([expect.stringContaining('8 runs at once share 4 cores, as you ask')]);
  });

  it('of a control group are not told apart', () => {
    const { each, notes } = dealCores(2, { cores: limited, environment: {} });
    expect(each.map(({ processors, shared }) => [processors, shared])).toEqual([
      [undefined, ['cores']],
      [undefined, ['cores']],
    ]);
    expect(notes).toEqual([]);
  });
});

describe('the slots of a machine', () => {
  const wanted = (settings: Partial<Wanted>): Wanted => ({ slots: 1, slotsPerGpu: 1, gpus: undefined, ...settings });
  const withGpus = (...names: readonly string[]) => ({
    PATH: fakeNvidiaSmi(temporaryFolder(), { list: listOf(...names) }).path,
  });

  it('are the whole machine where one is asked for, or auto finds one', async () => {
    expect(await openSlots(wanted({}), withGpus('L4', 'L4'))).toBe(wholeMachine);
    expect(await openSlots(wanted({ slots: 'auto' }), withGpus('L4'))).toBe(wholeMachine);
  });

  it('are its GPUs', async () => {
    const { each } = await openSlots(wanted({ slots: 'auto' }), withGpus('L4', 'L4'));
    expect(each.map(({ variables }) => variables.CUDA_VISIBLE_DEVICES)).toEqual(['0', '1']);
  });

  it('are some of them for a lone run that wants some', async () => {
    const { each } = await openSlots(wanted({ gpus: 2 }), withGpus('L4', 'L4', 'L4'));
    expect(each).toEqual([{ variables: { CUDA_DEVICE_ORDER: 'PCI_BUS_ID', CUDA_VISIBLE_DEVICES: '0,1' }, shared: [] }]);
  });

  it('are its cores for a training that uses no GPU, from which they are hidden', async () => {
    const { each, where } = await openSlots(wanted({ slots: 3, gpus: 0 }), withGpus('L4'));
    expect(each).toHaveLength(3);
    expect(each[0]?.variables).toMatchObject({ CUDA_VISIBLE_DEVICES: '-1', OMP_NUM_THREADS: '1' });
    expect(where?.device).not.toBe('L4');
  });

  it('are refused where a run wants GPUs and there are none', async () => {
    await expect(openSlots(wanted({ gpus: 1 }), { PATH: '/nowhere' })).rejects.toThrow(
      '`gpus: 1` asks for GPUs, and nvidia-smi, amd-smi and rocm-smi show none.',
    );
  });

  it.each([
    [12_000, 1000, 10],
    [12_000, 1001, 9],
    [500, 1000, 1],
  ])('with %i MiB of free memory have room for runs of %i MiB: %i of them', (free, peak, count) => {
    expect(slotsInMemory(free, peak)).toBe(count);
  });
});
