import { expect, it } from 'vitest';
import { findIsolation } from '../../../src/adapters/isolation/find-isolation.ts';

it('a tier is found, with the reason why it is no higher one', async () => {
  const found = await findIsolation({ interpreter: '/usr/bin/python3', folder: '/nonexistent' });
  expect(found.tier === 'namespaces').toBe(found.whyNotHigher === '');
});
