import { expect, test } from 'vitest';
import { killSlots } from '../helpers/slots-night.ts';

test('a study on four slots that is killed three times ends as the undisturbed one', { timeout: 300_000 }, async () => {
  expect(await killSlots('a few kills', 3)).toHaveLength(3);
});
