/** docs/trust.md promises what the probes are held against, in the same words. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { packagePath } from '../../src/adapters/package-root.ts';
import { type Tier, tierNames } from '../../src/core/base/names.ts';
import { promises } from '../../src/core/base/promises.ts';

const text = readFileSync(packagePath('docs', 'trust.md'), 'utf8');
const tiers = tierNames.filter((tier) => tier !== 'none');

/** A row for each promise, a column for each tier. */
function table(): string {
  const head = ['', ...tiers.map((tier) => `\`${tier}\``)];
  const rows = promises.map(({ words, tiers: holding }) => [
    words,
    ...tiers.map((tier) => ((holding as readonly Tier[]).includes(tier) ? 'yes' : '')),
  ]);
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return lines.map((line) => line.replace(/ {2,}/g, ' ')).join('\n');
}

test('each promise stands there with the tiers that make it', () => {
  expect(text).toContain(table());
});

test('each tier is described', () => {
  for (const tier of tierNames) expect(text).toMatch(new RegExp(`^\\| \`${tier}\` \\|`, 'm'));
});
