import { expect, test } from 'vitest';
import { judgeListed } from './judge-listed.ts';

/** One of each kind; `npm run bench -- cheats` has them all. */
const onTiny = ['print-forged', 'nan-logits', 'edit-data', 'trains-while-graded', 'renamed', 'own-estimate'];

test('scripts that cheat are refused each for its own reason, and what is honest after them is kept', async () => {
  const { rows, surprises } = await judgeListed({ sandbox: 'tiny', isolation: 'caged' }, onTiny);
  expect(surprises).toEqual([]);
  expect(rows).toHaveLength(onTiny.length);
});

test('a script that grades itself is kept under the word self-reported alone', async () => {
  const names = ['self-prints-nan', 'self-prints-minus-zero', 'self-edits-prepare', 'self-print-forged'];
  const { rows, surprises } = await judgeListed({ sandbox: 'self', isolation: 'caged' }, names);
  expect(surprises).toEqual([]);
  expect(rows.filter(({ end }) => end === 'kept').map(({ vouched }) => vouched)).toEqual(['self-reported']);
});
