import { describe, expect, it } from 'vitest';
import { boundOf, gpusOfJob, taskOf } from '../../../../src/adapters/engines/skypilot/sky-settings.ts';

describe('what sky is asked for', () => {
  it('is the machine that the brief describes, for at most this price', () => {
    const settings = { infra: 'aws', gpus: 'A100:8', cpus: '16+', disk: 200, spot: true, setup: 'pip install torch' };
    expect(JSON.parse(taskOf(settings, 2.5))).toEqual({
      resources: {
        ...{ infra: 'aws', accelerators: 'A100:8', cpus: '16+', disk_size: 200, use_spot: true, max_hourly_cost: 2.5 },
      },
      setup: 'pip install torch',
    });
    expect(JSON.parse(taskOf({}, undefined))).toEqual({ resources: {} });
  });

  it.each([
    [3.6734, 3.67],
    [1.006, 1.01],
    [0.75, 0.75],
    [0.1949, 0.19],
  ])('allows the price of %f, which sky prints as %f', (price, printed) => {
    expect(boundOf(printed)).toBeGreaterThanOrEqual(price);
    expect(boundOf(printed)).toBeLessThan(printed + 0.01);
  });

  it('is the GPUs of one run, of a machine that has any', () => {
    expect(gpusOfJob({ gpus: 'A100:8' }, 1)).toBe('A100:1');
    expect(gpusOfJob({ gpus: 'H100' }, 2)).toBe('H100:2');
    expect(gpusOfJob({ cpus: '4' }, 1)).toBeUndefined();
  });
});
