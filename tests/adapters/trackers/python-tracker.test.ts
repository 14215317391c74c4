import { expect, test } from 'vitest';
import { runOf } from '../../../src/adapters/trackers/python-tracker.ts';
import { trackedExperiments } from '../../../src/core/views/tracked-study.ts';
import { livedInJournal } from '../../helpers/lived-in-study.ts';

test('a knob whose name begins with an underscore has one that trackio takes', () => {
  const [, , halved] = trackedExperiments(livedInJournal().history());
  if (!halved) throw new Error('the study has a third experiment');
  const { config, series } = runOf({ ...halved, params: { ...halved.params, _target_: 'AdamW' } });
  expect(config).toMatchObject({ BATCH: 16, knob_target_: 'AdamW', nocturne: { status: 'reverted' } });
  expect(series.map(({ name }) => name)).toContain('runs/val_bpb');
});
