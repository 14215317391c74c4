import { expect, test } from 'vitest';
import { openTrackers } from '../../../src/cli/compose/trackers.ts';

test('each study of a brief has a folder of its own in the one that the brief names', async () => {
  const study = { folder: '/project', runs: '/project/runs', interpreter: 'python3', isYes: false };
  const places = async (tag: string) => {
    const opened = await openTrackers({ csv: 'tables', tensorboard: '/logs' }, { ...study, tag });
    return opened.map(({ name, tracker }) => [name, tracker.place]);
  };
  expect(Object.fromEntries(await places('night'))).toEqual({
    csv: '/project/tables/night',
    tensorboard: '/logs/night',
  });
  expect(Object.fromEntries(await places('next'))).toEqual({ csv: '/project/tables/next', tensorboard: '/logs/next' });
});
