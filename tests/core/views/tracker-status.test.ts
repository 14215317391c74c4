import { expect, it } from 'vitest';
import { trackerStatus, trackerText } from '../../../src/core/views/tracker-status.ts';

const failure = { at: '2024-11-24T03:12:00.000Z', reason: 'the server does not answer.' };
const show = (at: string) => at.slice(11, 16);
const settled = [0, 2, 1, 4, 3];

it.each([
  ['nothing sent yet', [], null, { upTo: null, of: 4, missing: 5 }, 'mlflow: nothing sent yet'],
  ['all of it', settled, null, { upTo: 4, of: 4, missing: 0 }, 'mlflow: sent up to experiment 4 of 4'],
  ['a gap, which ends what is sent', [0, 1, 3], null, { upTo: 1, missing: 2 }, 'mlflow: sent up to experiment 1 of 4'],
  [
    'a failure',
    [0, 1],
    failure,
    { upTo: 1, missing: 3, failure },
    'mlflow: sent up to experiment 1 of 4; it failed at 03:12: the server does not answer',
  ],
  [
    'a failure of which nothing is missing any more',
    settled,
    failure,
    { missing: 0, failure: null },
    'mlflow: sent up to experiment 4 of 4',
  ],
] as const)('%s is told', (_, there, failed, expected, text) => {
  const isThere = (experiment: number) => there.some((each) => each === experiment);
  const status = trackerStatus('mlflow', settled, isThere, { sentAt: null, failure: failed });
  expect(status).toMatchObject(expected);
  expect(trackerText(status, show)).toBe(text);
});

it('a study without an experiment that has its last word has nothing to send', () => {
  const status = trackerStatus('csv', [], () => false, { sentAt: null, failure: null });
  expect(status).toMatchObject({ upTo: null, of: null, missing: 0 });
  expect(trackerText(status, show)).toBe('csv: nothing sent yet');
});
