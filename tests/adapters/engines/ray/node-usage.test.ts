import { expect, it } from 'vitest';
import { freeOf } from '../../../../src/adapters/engines/ray/node-usage.ts';

it('what a node has free is read from the lines of its usage', () => {
  const text = '0.5/2.0 CPU\n0.0/2.0 GPU\n1.00GiB/4.50GiB memory\n0B/76.29MiB object_store_memory\n1.0/1.0 a100';
  expect(freeOf(text)).toEqual({
    CPU: 1.5,
    GPU: 2,
    memory: 3.5 * 2 ** 30,
    object_store_memory: 76.29 * 2 ** 20,
    a100: 0,
  });
});

it('what a placement group has reserved is not free, used or not', () => {
  expect(freeOf('1.0/8.0 CPU (1.0 used of 4.0 reserved in placement groups)')).toEqual({ CPU: 4 });
});
