/** On outputs of the real agents: claude 2.1.331, codex 0.169.0, gemini 0.61.0, opencode 1.18.33, each with the test server. */
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
