import { describe, expect, it } from 'vitest';
import {
  addressOf,
  jobsThatFit,
  reservationOf,
  unusedGpus,
  whyNoRoom,
} from '../../../../src/adapters/engines/ray/ray-settings.ts';

describe('what a run reserves', () => {
  it('is a core where the brief says nothing: without a reservation Ray runs all on its head', () => {
    expect(reservationOf({})).toEqual({ entrypoint_num_cpus: 1, entrypoint_num_gpus: 0 });
  });

  it('is what the brief says, by the names of Ray', () => {
    expect(reservationOf({ cpus: 4, gpus: 0.5, memory: 1e9, resources: { a100: 1 } })).toEqual({
      entrypoint_num_cpus: 4,
      entrypoint_num_gpus: 0.5,
      entrypoint_memory: 1e9,
      entrypoint_resources: { a100: 1 },
    });
  });
});

describe('the room of a cluster', () => {
  const nodes = [{ CPU: 8 }, { CPU: 2, GPU: 1, memory: 4e9 }];

  it.each([
    [{}, undefined],
    [{ cpus: 8 }, undefined],
    [{ cpus: 9 }, 'no node has 9 CPU'],
    [{ cpus: 2, gpus: 1 }, undefined],
    [{ cpus: 4, gpus: 1 }, 'no node has all that a run reserves at once'],
    [{ gpus: 2, resources: { tpu: 1 } }, 'no node has 2 GPU and 1 tpu'],
    [{ memory: 5e9 }, 'no node has 5000000000 memory'],
  ])('%j: %s', (settings, why) => {
    expect(whyNoRoom(settings, nodes)).toBe(why);
  });

  it.each([
    [{}, 10],
    [{ cpus: 3 }, 2],
    [{ gpus: 1 }, 1],
    [{ gpus: 0.1, cpus: 0.2 }, 10],
    [{ gpus: 0.5, cpus: 0.2 }, 2],
    [{ memory: 1e9 }, 2],
    [{ resources: { tpu: 1 } }, 0],
  ])('%j fits %i times', (settings, count) => {
    expect(jobsThatFit(settings, nodes)).toBe(count);
  });

  it('has GPUs that runs without a reservation leave unused', () => {
    expect(unusedGpus({}, nodes)).toBe(1);
    expect(unusedGpus({ gpus: 1 }, nodes)).toBe(0);
  });
});

describe('the address of a cluster', () => {
  it.each([
    [{ address: 'http://a:1' }, { RAY_ADDRESS: 'http://b:2' }, 'http://a:1'],
    [{}, { RAY_API_SERVER_ADDRESS: 'http://c:3', RAY_ADDRESS: 'http://b:2' }, 'http://c:3'],
    [{}, { RAY_ADDRESS: 'https://b:2' }, 'https://b:2'],
    [{}, { RAY_ADDRESS: 'ray://b:10001' }, 'http://127.0.0.1:8265'],
    [{}, {}, 'http://127.0.0.1:8265'],
  ])('%j with %j is %s', (settings, environment, address) => {
    expect(addressOf(settings, environment)).toBe(address);
  });
});
