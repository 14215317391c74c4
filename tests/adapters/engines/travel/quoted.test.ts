import { execa } from 'execa';
import { expect, it } from 'vitest';
import { quoted } from '../../../../src/adapters/engines/travel/quoted.ts';

it.each(["it's", '$HOME `x` "y"', '', 'a b'])('%j is one word of a shell command', async (word) => {
  const { stdout } = await execa('sh', ['-c', `printf '%s|' ${quoted([word, 'next'])}`]);
  expect(stdout).toBe(`${word}|next|`);
});
