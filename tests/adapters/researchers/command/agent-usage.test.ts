/**
 * On outputs of the real agents, each with the test server: claude 2.1.332, codex 0.171.0, gemini 0.61.0, opencode 1.18.33,
 * pi 1.6.0, mini-swe-agent 2.4.6, aider 0.86.2. Each of the server's replies is 1200 new tokens, 800 cached and 50 put out.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { packagePath } from '../../../../src/adapters/package-root.ts';
import { readSpending } from '../../../../src/adapters/researchers/command/agent-usage.ts';

const outputOf = (file: string) => readFileSync(packagePath('tests', 'fixtures', 'agents', file), 'utf8');
const usage = (uncachedInput: number, cachedInput: number, output: number) => ({
  uncachedInput,
  cachedInput,
  cacheWrite: 0,
  output,
});

it('claude says tokens and money per model', () => {
  expect(readSpending(outputOf('claude.jsonl'))).toEqual([
    { model: 'claude-opus-5-5', usage: usage(4800, 3200, 200), usd: 0.02384 },
  ]);
});

it('claude ended early has said what its messages used, and no money', () => {
  const early = outputOf('claude.jsonl').split('\n').slice(0, 2);
  const [spending] = readSpending([...early, ...early].join('\n')) ?? [];
  expect(spending).toMatchObject({ model: 'claude-opus-5-5', usd: undefined });
  expect(spending?.usage).toMatchObject({ uncachedInput: 2400, cachedInput: 1600 });
});

it('claude that was refused at once has spent nothing', () => {
  expect(readSpending('{"type":"result","is_error":true,"total_cost_usd":0,"modelUsage":{}}\n')).toEqual([]);
});

it('codex says tokens with the cache among them, and neither a model nor money', () => {
  expect(readSpending(outputOf('codex.jsonl'))).toEqual([
    { model: undefined, usage: usage(2400, 1600, 100), usd: undefined },
  ]);
});

it('gemini says tokens per model, among lines that are no JSON', () => {
  expect(readSpending(outputOf('gemini.txt'))).toEqual([
    { model: 'gemini-3.5-flash-lite', usage: usage(1200, 800, 50), usd: undefined },
    { model: 'gemini-3.8-flash', usage: usage(4800, 3200, 200), usd: undefined },
  ]);
});

it('opencode says tokens and money per step', () => {
  const [spending] = readSpending(outputOf('opencode.jsonl')) ?? [];
  expect(spending).toMatchObject({ model: undefined, usage: usage(2400, 1600, 100) });
  expect(spending?.usd).toBeCloseTo(0.00612, 8);
});

it('pi says tokens and money per message, the same once more at its end, and of messages alone when it was cut', () => {
  const told = [{ model: 'gpt-6.2-sol', usage: usage(4800, 3200, 200), usd: expect.closeTo(0.01192, 8) }];
  expect(readSpending(outputOf('pi.jsonl'))).toEqual(told);
  const cut = outputOf('pi.jsonl').split('\n').slice(0, -2);
  expect(readSpending(cut.join('\n'))).toEqual(told);
});

it('mini-swe-agent says tokens per reply and the money of all in its report', () => {
  const report = outputOf('mini-report.json');
  expect(readSpending('', report)).toEqual([
    { model: 'gpt-5', usage: usage(3600, 2400, 150), usd: expect.closeTo(0.0063, 8) },
  ]);
  // Of a provider that does not count, only the cost is known.
  const some = report.replaceAll('"prompt_tokens"', '"other"');
  expect(readSpending('', some)).toMatchObject([{ usd: expect.closeTo(0.0063, 8) }]);
  expect(readSpending('', '{"info":{"model_stats":{"instance_cost":0,"api_calls":0}},"messages":[]}')).toBeUndefined();
});

it('aider says tokens and money in its report, and rounded in what it prints', () => {
  const told = [{ model: 'openai/gpt-5', usage: usage(2000, 0, 50), usd: expect.closeTo(0.0021, 8) }];
  expect(readSpending(outputOf('aider.txt'), outputOf('aider-report.jsonl'))).toEqual(told);
  expect(readSpending(outputOf('aider.txt'))).toEqual(told);
  const lines = [
    'Tokens: 12k sent, 9.5k cache write, 1.2k cache hit, 812 received.',
    'Cost: $0.05 message, $0.05 session.',
    'Tokens: 900 sent, 8 received.',
  ];
  expect(readSpending(lines.join('\n'))).toMatchObject([
    { usage: { uncachedInput: 2200, cachedInput: 1200, cacheWrite: 9500, output: 820 }, usd: undefined },
  ]);
});

it('0 USD for tokens that were used is an unknown price', () => {
  const free = outputOf('opencode.jsonl').replaceAll('"cost":0.00306', '"cost":0');
  expect(readSpending(free)).toMatchObject([{ usd: undefined }]);
});

it.each(['', 'Done.\n', '{"type":"result"}\n', '{"type":"turn.completed"}', '{\n  "stats": {}\n}', '{"type":'])(
  '%j says nothing',
  (output) => {
    expect(readSpending(output)).toBeUndefined();
  },
);
