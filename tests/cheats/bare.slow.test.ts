import { expect, test } from 'vitest';
import { judgeListed } from './judge-listed.ts';

/** What lies between the stages: data, the scorer's tree and bytecode are looked at before anything is graded. */
const betweenStages = ['swap-validation', 'edit-score-restore', 'bytecode-poison', 'log-daemon'];

/** What is measured from outside: time, whoever spends it and whatever the script says. */
const outside = ['timers-patched', 'slow-machine-claimed', 'grandchild-trains'];

/** Without isolation, in one study; an honest run after all of them scores as one before them. */
test('without isolation, what lies between the stages and what is measured from outside stops what it can', async () => {
  const names = [...betweenStages, ...outside, 'seed-by-helper', 'honest'];
  const { rows, surprises } = await judgeListed({ sandbox: 'tiny', isolation: 'none' }, names);
  expect(surprises).toEqual([]);
  expect(rows.map(({ tier }) => tier)).toEqual(names.map(() => 'none'));
});

test('without isolation, memory is measured from outside', async () => {
  const { surprises } = await judgeListed({ sandbox: 'guarded', isolation: 'none' }, ['memory-lie', 'memory-in-child']);
  expect(surprises).toEqual([]);
});

test('without isolation, two channels of one script that disagree are void', async () => {
  const names = ['self-log-against-json', 'self-two-in-one-block', 'self-honest'];
  const { surprises } = await judgeListed({ sandbox: 'self', isolation: 'none' }, names);
  expect(surprises).toEqual([]);
});
