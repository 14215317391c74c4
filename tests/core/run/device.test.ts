import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../../src/core/journal/run.ts';
import { deviceOf, withOwnDevice } from '../../../src/core/run/device.ts';
import { createJournal, failed, scored } from '../../helpers/journal.ts';

const on = (device: string, result: RunResult = scored(2)): RunResult => ({ ...result, where: { node: 'n', device } });

describe('the device of a study', () => {
  it('is that of the first run that measured something and says where', () => {
    const journal = createJournal();
    expect(deviceOf(journal.history().experiments)).toBeUndefined();
    journal.baseline(on('T4', failed('lost')), scored(2), on('L4'));
    expect(deviceOf(journal.history().experiments)).toBe('L4');
    expect(deviceOf(journal.experiment(on('T4'), 'revert').history().experiments)).toBe('L4');
  });

  it('is none where no run says where it ran', () => {
    expect(deviceOf(createJournal().baseline(scored(2)).history().experiments)).toBeUndefined();
  });
});

describe('a run', () => {
  const history = createJournal().baseline(on('L4')).history();

  it('on another device is lost, with the reason, whatever it measured', () => {
    const result = withOwnDevice(history.experiments, on('T4', scored(1)));
    expect(result).toMatchObject({ outcome: 'lost', byMachine: true, where: { device: 'T4' } });
    expect(result.reason).toBe("it ran on T4, and the study's runs are on L4: they cannot be compared");
    expect(result).not.toHaveProperty('measurement');
  });

  it.each([
    ['on the same', on('L4')],
    ['that does not say where', scored(1)],
  ])('%s is what it is', (_, result) => {
    expect(withOwnDevice(history.experiments, result)).toBe(result);
  });

  it('is what it is in a study that knows no device yet', () => {
    const result = on('T4');
    expect(withOwnDevice(createJournal().history().experiments, result)).toBe(result);
  });
});
