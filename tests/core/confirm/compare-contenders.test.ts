import { describe, expect, it } from 'vitest';
import { compareContenders, summariseContender } from '../../../src/core/confirm/compare-contenders.ts';

const worse = [3.1, 3.2, 3.0, 3.15, 3.05, 3.2];
const better = [2.9, 3.0, 2.95, 2.9, 3.0, 2.85];

describe('two contenders compared', () => {
  it('have a gain above zero when the second is better, whatever the goal', () => {
    const minimised = compareContenders('minimize', worse, better);
    const maximised = compareContenders('maximize', better, worse);
    expect(minimised?.gain).toBeCloseTo(0.18333, 4);
    expect(maximised).toEqual(minimised);
    expect(minimised).toMatchObject({ better: 6, pairs: 6, signFlipP: 2 / 64 });
    expect(minimised?.interval?.[0]).toBeGreaterThan(0);
  });

  it('are paired run by run, without the runs that failed', () => {
    expect(compareContenders('minimize', [3, undefined, 3.1, 3.2], [2.9, 2.8, 3.2, undefined])).toMatchObject({
      better: 1,
      pairs: 2,
    });
  });

  it('get a sign-flip test from six pairs on', () => {
    expect(compareContenders('minimize', worse.slice(1), better.slice(1))).not.toHaveProperty('signFlipP');
  });

  it('without spread, or of single runs, have a gain and no error bar', () => {
    expect(compareContenders('minimize', [3, 3, 3], [2, 2, 2])).toEqual({ gain: 1, better: 3, pairs: 3 });
    expect(compareContenders('minimize', [3, undefined], [2.5, 2.5])).toEqual({ gain: 0.5, better: 1, pairs: 1 });
  });

  it('of which one has no score cannot be compared', () => {
    expect(compareContenders('minimize', [undefined, undefined], [2, 3])).toBeUndefined();
  });

  it('say how many of their runs failed', () => {
    expect(summariseContender([1, undefined, 3])).toEqual({ mean: 2, sd: Math.SQRT2, n: 2, failed: 1 });
    expect(summariseContender([undefined])).toEqual({ n: 0, failed: 1 });
  });
});
