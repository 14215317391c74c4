import { expect, it } from 'vitest';
import type { RunResult } from '../../../src/core/journal/run.ts';
import { placesOf, placesText } from '../../../src/core/views/places.ts';
import { createJournal, failed, scored } from '../../helpers/journal.ts';

const on = (node: string, device: string, result: RunResult = scored(2)): RunResult => ({
  ...result,
  where: { node, device },
});

it('what runs were on and where is told, those that were not compared apart', () => {
  const journal = createJournal().baseline(on('gpu-3', 'L4'), on('gpu-4', 'L4'), on('gpu-3', 'L4'));
  const places = placesOf(journal.experiment(on('gpu-7', 'T4', failed('lost')), 'revert').history());
  expect(places).toEqual({ device: 'L4', runs: { 'gpu-3': 2, 'gpu-4': 1, 'gpu-7': 1 }, elsewhere: 1 });
  expect(placesText(places ?? { device: '', runs: {}, elsewhere: 0 })).toBe(
    'L4: 2 runs on gpu-3, 1 on gpu-4, 1 on gpu-7; 1 run on another device, not compared',
  );
});

it('nothing is told of a study whose runs do not say it', () => {
  expect(placesOf(createJournal().baseline(scored(2)).history())).toBeUndefined();
});
