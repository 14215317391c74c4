import { expect, it } from 'vitest';
import { createTurns } from '../../../src/core/base/turns.ts';

it('what is asked for at once is done in the order in which it was, though some of it fails', async () => {
  const turns = createTurns();
  const said: string[] = [];
  const act = (name: string, fails = false) =>
    turns(async () => {
      said.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      said.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const all = await Promise.allSettled([act('first'), act('second', true), act('third')]);
  expect(all).toMatchObject([{ value: 'first' }, { reason: { message: 'second' } }, { value: 'third' }]);
  expect(said).toEqual(['first', 'second', 'third'].flatMap((name) => [`${name} begins`, `${name} ends`]));
});
