/** The moments follow from NOCTURNE_TEST_KILLS, a text. */
import { expect, test } from 'vitest';
import { killConfirmations } from '../helpers/slots-night.ts';

test('confirmations on four slots that are killed at ten moments make no run twice and find the same', {
  timeout: 600_000,
}, async () => {
  const name = process.env.NOCTURNE_TEST_KILLS ?? 'confirm';
  const landed = await killConfirmations(name, 10);
  expect(landed).toHaveLength(10);
  process.stderr.write(`${landed.length} kills ("${name}"), the last entry then being: ${landed.join('; ')}\n`);
});
