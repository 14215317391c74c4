/** The moments follow from NOCTURNE_TEST_KILLS, a text. */
import { expect, test } from 'vitest';
import { killSlots } from '../helpers/slots-night.ts';

test('a study on four slots that is killed at thirty moments ends as the undisturbed one', {
  timeout: 900_000,
}, async () => {
  const name = process.env.NOCTURNE_TEST_KILLS ?? 'slots';
  const landed = await killSlots(name, 30);
  expect(landed).toHaveLength(30);
  process.stderr.write(`${landed.length} kills ("${name}"), the last entry then being: ${landed.join('; ')}\n`);
});
