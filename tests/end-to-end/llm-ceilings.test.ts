import { expect, test } from 'vitest';
import { expectRefusal } from '../helpers/bad-input.ts';
import { settle } from '../helpers/model-study.ts';
import { entriesOf, journalOf, nocturne, project } from '../helpers/nocturne.ts';
import { idea, quickProject, serve } from '../helpers/served-quick.ts';

const keys = { OPENAI_API_KEY: 'sk-test-0123456789abcdef' };

test.each(['usd', 'tokens'] as const)(
  'a ceiling on %s ends the study before the call that could cross it',
  async (reason) => {
    const server = await serve((_, index) => idea(index));
    const ceiling = reason === 'usd' ? 0.06 : 30_000;
    const repo = quickProject(server, `stop: { ${reason}: ${ceiling} }`);

    const said = await nocturne(repo.root, ['run', '--tag', 'night', '--json'], keys);

    expect(said.exitCode, said.stderr).toBe(0);
    expect(JSON.parse(said.stdout.split('\n').at(-1) ?? '')).toMatchObject({ event: 'study-stopped', reason });
    const journal = journalOf(repo.root, 'night');
    expect(journal.at(-1)).toMatchObject({ event: 'study-stopped', reason });
    const calls = entriesOf(journal, 'model-called');
    expect(calls.length).toBeGreaterThan(1);
    expect(server.requests.length + server.smallCalls.length).toBe(calls.length);
    const spent = calls.reduce((sum, { usd = 0 }) => sum + usd, 0);
    const tokens = calls.reduce((sum, { usage }) => sum + usage.uncachedInput + usage.cachedInput + usage.output, 0);
    expect(reason === 'usd' ? spent : tokens).toBeLessThan(ceiling);
    expect(entriesOf(journal, 'proposal-made')).toHaveLength(server.requests.length);
    expect(server.violations).toEqual([]);

    const status = await nocturne(repo.root, ['status', '--json']);
    expect(JSON.parse(status.stdout).spent).toMatchObject({ usd: expect.closeTo(spent, 9), tokens });
    const plain = await nocturne(repo.root, ['status']);
    expect(plain.stdout).toMatch(new RegExp(`^spent .* live, ${tokens} tokens, ${spent.toFixed(4)} USD$`, 'm'));
    const report = repo.read('runs/night/report.md');
    expect(report).toContain(`model calls: ${tokens} tokens, ${spent.toFixed(4)} USD.`);

    const again = await nocturne(repo.root, ['run', '--tag', 'night', '--json'], keys);
    expect(again.exitCode, again.stderr).toBe(0);
    expect(JSON.parse(again.stdout.split('\n').at(-1) ?? '')).toMatchObject({ event: 'study-stopped', reason });
    expect(server.requests).toHaveLength(entriesOf(journal, 'proposal-made').length);
  },
);

test('--max-usd is refused at the start when nobody knows the price', async () => {
  const repo = project('quick');
  settle(repo, 'researcher: llm', 'model: openai:made-up', 'base_url: http://127.0.0.1:9/v1');
  await expectRefusal(repo, {
    title: 'an unknown price',
    args: ['run', '--tag', 'a', '--max-usd', '1'],
    says: [
      'The price of openai:made-up is not known, so `usd: 1` cannot be kept.',
      'Give it under `prices:` in US dollars for a million tokens, or limit `tokens:` instead.',
    ],
  });
});
