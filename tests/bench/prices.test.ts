/** `npm run prices -- --check`, on copies of the public lists, as files and from a local server. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkPrices } from '../../bench/prices/check-prices.ts';

const folder = mkdtempSync(join(tmpdir(), 'nocturne-prices-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tier = { tier: { type: 'context', size: 272_000 }, input: 4, output: 15, cache_read: 0.2 };
const sol = {
  cost: { input: 2, output: 10, cache_read: 0.1, cache_write: 2.5, tiers: [tier] },
  limit: { context: 1_050_000, output: 128_000 },
};
const modelsDev = { openai: { id: 'openai', models: { 'gpt-6.1-sol': sol } } };
const liteLlm = {
  sample_spec: { max_tokens: 'a number' },
  'claude-haiku-5-5': {
    litellm_provider: 'anthropic',
    input_cost_per_token: 1e-7,
    output_cost_per_token: 5e-7,
    cache_read_input_token_cost: 1e-8,
    cache_creation_input_token_cost: 1.25e-7,
    cache_creation_input_token_cost_above_1hr: 2e-7,
    input_cost_per_token_above_100k_tokens: 5e-7,
    output_cost_per_token_above_100k_tokens: 2.5e-6,
  },
};
const openRouter = {
  data: [
    {
      id: 'anthropic/claude-sonnet-5.5',
      pricing: {
        prompt: '0.000002',
        completion: '0.00001',
        input_cache_read: '0.0000001',
        input_cache_write: '0.0000025',
      },
      context_length: 1_000_000,
      top_provider: { max_completion_tokens: 128_000 },
    },
  ],
};

function copy(name: string, list: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof list === 'string' ? list : JSON.stringify(list));
  return path;
}

async function check(...args: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await checkPrices(args, { log: (line) => out.push(line), error: (line) => err.push(line) });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

test('lists that agree with ours exit 0, each recognised by its shape', async () => {
  const from = [copy('a.json', modelsDev), copy('b.json', liteLlm), copy('c.json', openRouter)];
  const { code, out, err } = await check('--check', ...from.flatMap((path) => ['--from', path]));
  expect(err).toBe('');
  expect(out).toMatch(/^0 differences .* models\.dev, LiteLLM, OpenRouter\.$/m);
  expect(code).toBe(0);
});

test.each([
  ['a price', { ...sol, cost: { ...sol.cost, cache_read: 0.2 } }, 'cachedInput 0.1 here, 0.2 in models.dev'],
  ['a write', { ...sol, cost: { ...sol.cost, cache_write: 1.25 } }, 'write 2.5 here, 1.25 in models.dev'],
  [
    'a tier',
    { ...sol, cost: { ...sol.cost, tiers: [{ ...tier, input: 3 }] } },
    '4 and 15 above 272000 tokens here, 3 and 15',
  ],
  ['no tier', { ...sol, cost: { ...sol.cost, tiers: [] } }, '4 and 15 above 272000 tokens here, no tier in models.dev'],
  ['a window', { ...sol, limit: { ...sol.limit, context: 400_000 } }, 'context 1050000 here, 400000 in models.dev'],
])('%s that differs is a line and exit 1', async (_, model, line) => {
  const { code, out } = await check(
    '--check',
    '--from',
    copy('d.json', { openai: { models: { 'gpt-6.1-sol': model } } }),
  );
  expect(out).toContain(`openai:gpt-6.1-sol: ${line}`);
  expect(out).toContain('1 differences');
  expect(code).toBe(1);
});

test('LiteLLM’s hour and tier are compared too', async () => {
  const row = { ...liteLlm['claude-haiku-5-5'], cache_creation_input_token_cost_above_1hr: 3e-7 };
  const { code, out } = await check('--check', '--from', copy('e.json', { 'claude-haiku-5-5': row }));
  expect(out).toContain('anthropic:claude-haiku-5-5: hourWrite 0.2 here, 0.3 in LiteLLM');
  expect(code).toBe(1);
});

test('what no list says of a price is no difference', async () => {
  const { code } = await check('--check', '--from', copy('f.json', { openai: { models: { 'gpt-6.2-sol': {} } } }));
  expect(code).toBe(0);
});

test('a list is read from an address', async () => {
  const server = createServer((_, response) => response.end(JSON.stringify(modelsDev)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { code, out } = await check('--check', '--from', `http://127.0.0.1:${port}/api.json`);
  server.close();
  expect(out).toContain('0 differences');
  expect(code).toBe(0);
});

test.each([
  ['a file that is not there', () => join(folder, 'none.json')],
  ['a text that is no JSON', () => copy('g.json', '<html>')],
  ['another shape', () => copy('h.json', [1, 2])],
  ['an address where nobody listens', () => 'http://127.0.0.1:9/'],
])('%s is a sentence and exit 2', async (_, from) => {
  const { code, err } = await check('--check', '--from', from());
  expect(err).toContain('No list of prices could be read');
  expect(err.split('\n')).toHaveLength(2);
  expect(code).toBe(2);
});

test('a list that could be read is compared, and the other is said', async () => {
  const { code, out, err } = await check(
    '--check',
    '--from',
    copy('i.json', modelsDev),
    '--from',
    join(folder, 'none'),
  );
  expect(err).toContain('could not be read');
  expect(out).toContain('0 differences');
  expect(code).toBe(0);
});

test('without --check, or with a flag that is none, its use is said', async () => {
  expect(await check()).toMatchObject({ code: 2, err: expect.stringContaining('--check') });
  expect(await check('--chek')).toMatchObject({ code: 2, err: expect.stringContaining('--check') });
});
