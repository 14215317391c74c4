import { expect, it } from 'vitest';
import { roomFor } from '../../../src/adapters/engines/engine-room.ts';

it.each([
  [3, 0, 3, 'the cluster has room for 3 runs now'],
  [1, 2, 3, 'the cluster has room for 1 run now, besides the 2 in flight'],
  [0, 0, 1, 'the cluster has room for no run now, so that it waits'],
  [0, 2, 2, 'the cluster has room for 0 runs now, besides the 2 in flight'],
  [40, 0, 16, 'the cluster has room for 40 runs now, and auto takes no more than that'],
])('room for %i runs besides %i is %i slots', (runs, inFlight, slots, why) => {
  expect(roomFor(runs, 'the cluster', inFlight)).toEqual({ slots, why });
});
