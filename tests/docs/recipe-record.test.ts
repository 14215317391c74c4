/** docs/auto.md says of the recipe's steps what became of them in public, in the figures of the table. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { packagePath } from '../../src/adapters/package-root.ts';
import { publicRecord } from '../../src/core/space/public/public-moves.ts';

const text = readFileSync(packagePath('docs', 'auto.md'), 'utf8');

/** Kind of knob, and from where to where it goes. */
const steps = [
  ['final lr fraction', 'off to on', 0, 0.05],
  ['warmdown', 'up by less than 1.5', 1, 1.4],
  ['batch', 'down by 1.5 to 4', 2, 1],
  ['matrix/muon lr', 'up by 1.5 to 4', 1, 2],
  ['embedding lr', 'down by 1.5 to 4', 2, 1],
  ['depth', 'down by 1.5 to 4', 3, 2],
  ['depth', 'up by 1.5 to 4', 2, 3],
  ['aspect ratio/width', 'down by 1.5 to 4', 3, 2],
  ['aspect ratio/width', 'up by 1.5 to 4', 2, 3],
  ['weight decay', 'down by 1.5 to 4', 2, 1],
  ['weight decay', 'down by 4 or more', 4, 1],
  ['warmup', 'off to on', 0, 0.1],
] as const;

test('each step stands there with its record', () => {
  const rows = steps.map(([kind, words, from, to]) => {
    const record = publicRecord(kind, from, to);
    return `| ${kind}, ${words} | ${record?.tried} | ${record?.kept} | ${record?.repositories} |`;
  });
  expect(text).toContain(rows.join('\n'));
});
