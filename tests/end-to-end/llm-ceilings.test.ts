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

test('a server that tells no usage is stopped at the ceiling by estimate, and status and report say so', async () => {
  const server = await serve((_, index) => {
    const step = idea(index);
    return 'reply' in step ? { reply: { ...step.reply, isUnmetered: true } } : step;
  });
  const repo = quickProject(server, 'stop: { tokens: 40000 }');

  const said = await nocturne(repo.root, ['run', '--tag', 'night', '--json'], keys);

  expect(said.exitCode, said.stderr).toBe(0);
  const journal = journalOf(repo.root, 'night');
  expect(journal.at(-1)).toMatchObject({
    event: 'study-stopped',
    reason: 'tokens',
    detail: expect.stringMatching(/about \d+ tokens are spent, by estimate where no usage was reported/),
  });
  const calls = entriesOf(journal, 'model-called').filter(({ purpose }) => purpose === 'proposal');
  expect(calls.length).toBeGreaterThan(1);
  expect(calls.every(({ estimated }) => estimated)).toBe(true);
  const sent = server.requests.reduce((sum, { body }) => sum + JSON.stringify(body).length / 4, 0);
  expect(sent).toBeLessThan(40_000);
  const status = await nocturne(repo.root, ['status']);
  expect(status.stdout).toMatch(/^spent .* live, ~\d+ tokens, ~\d+\.\d+ USD \(\d+ calls? estimated\)$/m);
  expect(repo.read('runs/night/report.md')).toMatch(/model calls: ~\d+ tokens, ~[\d.]+ USD \(\d+ calls? estimated\)/);
});

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
