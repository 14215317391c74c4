import { expect, test } from 'vitest';
import { enginePython } from '../helpers/engine-python.ts';
import { judgeListed } from './judge-listed.ts';

test('a GPT that looks ahead or learns what it is shown is refused, and an honest one after it is kept', async () => {
  const names = ['gpt-looks-ahead-later', 'gpt-learns-while-graded', 'gpt-honest'];
  const { surprises } = await judgeListed({ sandbox: 'gpt', isolation: 'caged', python: enginePython() }, names);
  expect(surprises).toEqual([]);
}, 900_000);
