import { expect, test } from 'vitest';
import type { ModelServer, Step } from '../helpers/model-server/model-server.ts';
import type { Wire } from '../helpers/model-server/render-reply.ts';
import { editLine, handIn, settle, turn } from '../helpers/model-study.ts';
import { callsOf, entriesOf, journalOf, nocturne, project } from '../helpers/nocturne.ts';
import { serve } from '../helpers/served-quick.ts';

const keys = { OPENAI_API_KEY: 'sk-test-0123456789abcdef', ANTHROPIC_API_KEY: 'sk-ant-test-0123456789' };

interface Way {
  readonly title: string;
  readonly model: string;
  readonly wire: Wire;
  readonly settings: (server: ModelServer) => readonly string[];
}

const ways: readonly Way[] = [
  {
    title: 'OpenAI Responses',
    model: 'openai:gpt-6-sol',
    wire: 'responses',
    settings: ({ openAIUrl }) => [`base_url: ${openAIUrl}`, 'api: responses'],
  },
  {
    title: 'OpenAI Chat Completions',
    model: 'openai:gpt-6-sol',
    wire: 'chat',
    settings: ({ openAIUrl }) => [`base_url: ${openAIUrl}`],
  },
  {
    title: 'Anthropic Messages',
    model: 'anthropic:claude-sonnet-5-5',
    wire: 'messages',
    settings: ({ url }) => [`base_url: ${url}`],
  },
  {
    title: "LangChain's own package",
    model: 'langchain:openai:gpt-6-sol',
    wire: 'chat',
    settings: ({ openAIUrl }) => [`base_url: ${openAIUrl}`],
  },
];

/** A clear win for the `quick` project, in two turns. */
const rateIdea: readonly Step[] = [
  turn({ name: 'read_notes', arguments: {} }, editLine('LEARNING_RATE = 0.3 ', 'LEARNING_RATE = 0.03 ')),
  turn(handIn('Lower the rate')),
];

test.each(ways)('a model behind $title proposes a whole study', async ({ model, wire, settings }) => {
  const server = await serve(rateIdea);
  const repo = project('quick');
  settle(repo, 'researcher: llm', `model: ${model}`, ...settings(server));

  const said = await nocturne(repo.root, ['run', '--tag', 'night', '--max-experiments', '1'], keys);

  expect(said.exitCode, said.stderr).toBe(0);
  expect(server.violations).toEqual([]);
  expect(server.requests.map((request) => request.wire)).toEqual([wire, wire]);
  const journal = journalOf(repo.root, 'night');
  expect(entriesOf(journal, 'verdict-given').map(({ verdict }) => verdict.decision)).toEqual(['keep', 'keep']);
  expect(callsOf(journal)).toEqual([
    expect.objectContaining({ experiment: 1, outcome: 'answer', usage: expect.objectContaining(used), usd }),
    expect.objectContaining({ experiment: 1, outcome: 'answer', usage: expect.objectContaining(used), usd }),
  ]);
  const message = repo.git('log', '-1', '--format=%B', 'autoresearch/night');
  expect(message).toMatch(/^Lower the rate \(loss [\d.]+ -> [\d.]+\)\n\nVelocity carries over\./);
  expect(message).toMatch(/^Researcher: llm\nModel: .+\nCost-USD: 0\.0\d\d\d$/m);
  expect(repo.git('show', 'autoresearch/night:train.py')).toContain('LEARNING_RATE = 0.03 ');
  expect(await nocturne(repo.root, ['check', '--tag', 'night'])).toMatchObject({ exitCode: 0 });
});

const used = { uncachedInput: 2000, cachedInput: 500, output: 100 };
const usd = expect.closeTo(0.0051, 2);
