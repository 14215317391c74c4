/**
 * Nights under a ceiling, over the real SDKs against the stand-in server, which bills what was really read and written:
 * by a tokenizer of its own, whether or not it tells, and also for replies that were cut off or given up.
 */
import { expect } from 'vitest';
import { createCeilingModel } from '../../src/adapters/models/ceiling.ts';
import { createSpendingCounter, type SpendingCounter } from '../../src/adapters/models/spending-counter.ts';
import { askModel } from '../../src/adapters/researchers/llm/ask-model.ts';
import type { LlmOptions } from '../../src/adapters/researchers/llm/options.ts';
import { costOf, type ModelPrice, type TokenUsage, tokensOf } from '../../src/core/base/model-usage.ts';
import type { EntryOf } from '../../src/core/journal/entry.ts';
import type { Model, ModelMessage, ModelReply } from '../../src/ports/model.ts';
import type { ProposalRequest, ResearcherNews } from '../../src/ports/researcher.ts';
import { type ModelServer, type RecordedRequest, type Step, startModelServer } from './model-server/model-server.ts';
import { type ServedAdapter, servedAdapters } from './model-server/served-models.ts';

type Called = EntryOf<'model-called'>;

/** How one call of a night goes, by its number. */
interface Turn {
  /** Words of the reply. */
  readonly words: number;
  readonly isUnmetered?: boolean;
  readonly cutAfter?: number;
  /** Nothing comes, and the caller gives up. */
  readonly isStalled?: boolean;
  readonly isOverloaded?: boolean;
}

export interface Scenario {
  readonly title: string;
  readonly adapter: ServedAdapter;
  readonly ceiling: { readonly usd: number } | { readonly tokens: number };
  readonly price: ModelPrice;
  readonly turn: (number: number) => Turn;
  /** Characters of a request that the server takes for a token. */
  readonly charactersPerToken: number;
  /** Sessions: each begins with what the journal says of the earlier ones. */
  readonly sessions?: number;
  /** A second model with another price, asked in turns with the first, under the same ceiling. */
  readonly otherPrice?: ModelPrice;
  /** The server tells what it charges, this many times the list price. */
  readonly costFactor?: number;
}

const plain: ModelPrice = { input: 3, cachedInput: 0.3, cacheWrite: 6, output: 15 };
const cheap: ModelPrice = { input: 1, cachedInput: 0.1, cacheWrite: 2, output: 5 };
const tiered: ModelPrice = { ...plain, above: { inputTokens: 8000, input: 2, output: 1.5 } };

const reported = (number: number): Turn => ({ words: [60, 900, 20, 300][number % 4] ?? 0 });
const kinds: readonly Omit<Scenario, 'adapter' | 'charactersPerToken'>[] = [
  { title: 'reported, in tokens', ceiling: { tokens: 90_000 }, price: plain, turn: reported },
  { title: 'reported, in USD', ceiling: { usd: 0.4 }, price: plain, turn: reported },
  { title: 'priced by tier', ceiling: { usd: 0.5 }, price: tiered, turn: reported },
  { title: 'in three sessions', ceiling: { usd: 0.4 }, price: plain, turn: reported, sessions: 3 },
  { title: 'shared by two models', ceiling: { usd: 0.45 }, price: plain, otherPrice: cheap, turn: reported },
  {
    title: 'with overloads between',
    ceiling: { usd: 0.4 },
    price: plain,
    turn: (number) => (number % 3 === 1 ? { words: 0, isOverloaded: true } : reported(number)),
  },
  {
    title: 'no usage, in tokens',
    ceiling: { tokens: 90_000 },
    price: plain,
    turn: (number) => ({ ...reported(number), isUnmetered: true }),
  },
  {
    title: 'no usage, in USD',
    ceiling: { usd: 0.5 },
    price: plain,
    turn: (number) => ({ ...reported(number), isUnmetered: true }),
  },
  {
    title: 'no usage, shared and in two sessions',
    ceiling: { tokens: 90_000 },
    price: plain,
    otherPrice: cheap,
    sessions: 2,
    turn: (number) => ({ ...reported(number), isUnmetered: true }),
  },
  {
    title: 'usage every other time',
    ceiling: { tokens: 90_000 },
    price: plain,
    turn: (number) => ({ ...reported(number), isUnmetered: number % 2 === 1 }),
  },
  {
    title: 'cut off every other time',
    ceiling: { tokens: 90_000 },
    price: plain,
    turn: (number) => ({ ...reported(number), ...(number % 2 === 1 && { cutAfter: 0.6 }) }),
  },
  {
    title: 'cut off always, in USD',
    ceiling: { usd: 0.5 },
    price: plain,
    turn: (number) => ({ ...reported(number), cutAfter: [0.4, 0.8][number % 2] ?? 0.5 }),
  },
  {
    title: 'given up every third time, in two sessions',
    ceiling: { tokens: 90_000 },
    price: plain,
    sessions: 2,
    turn: (number) => ({ ...reported(number), isStalled: number % 3 === 2 }),
  },
  {
    title: 'by tier, no usage',
    ceiling: { usd: 0.6 },
    price: tiered,
    turn: (number) => ({ ...reported(number), isUnmetered: true }),
  },
];

/** All kinds of nights by all wires, and what only a chat server tells. */
export const scenarios: readonly Scenario[] = [
  ...servedAdapters.flatMap((adapter, wire) =>
    kinds.map((kind, index) => ({ ...kind, adapter, charactersPerToken: [3, 3.6, 4.2][(wire + index) % 3] ?? 4 })),
  ),
  ...[0.5, 1, 1.6, 3].map((costFactor) => ({
    title: `the provider charges ${costFactor} times the list`,
    adapter: servedAdapters[1] as ServedAdapter,
    ceiling: { usd: 0.6 },
    price: plain,
    turn: reported,
    charactersPerToken: 3.6,
    costFactor,
  })),
];

/** Plays the night; what must hold is checked here. */
export async function playNight(scenario: Scenario): Promise<void> {
  const { ceiling, price, otherPrice, sessions = 1, costFactor } = scenario;
  const bills: { readonly usage: TokenUsage; readonly usd: number }[] = [];
  const journal: Called[] = [];
  const server = await startModelServer((request, number) => {
    const turn = scenario.turn(number);
    const usage = usageOf(scenario, request, turn);
    const listed = costOf(usage, request.body.model === otherModel ? (otherPrice ?? price) : price);
    const usd = listed * (costFactor ?? 1);
    if (!turn.isOverloaded) bills.push({ usage, usd });
    if (turn.isStalled) setImmediate(() => giveUp?.abort());
    return stepOf(turn, usage, costFactor === undefined ? undefined : usd);
  });
  let giveUp: AbortController | undefined;
  try {
    for (let session = 0; session < sessions; session += 1) {
      const counter = createSpendingCounter({ ...ceiling, spent: spentIn(journal) });
      const models = await openModels(scenario, server, counter);
      let messages: readonly ModelMessage[] = [{ role: 'user', text: source }];
      // A session ends early, so that the next one has something left.
      const calls = session < sessions - 1 ? 3 : 500;
      for (let call = 0; call < calls; call += 1) {
        giveUp = new AbortController();
        const reply = await ask(models[call % models.length] as Model, messages, journal, giveUp.signal);
        if (reply.kind === 'fault' && reply.action === 'stop') break;
        expect(call, 'the ceiling is reached').toBeLessThan(499);
        messages = grown(messages, reply);
      }
    }
  } finally {
    await server.close();
  }
  expect(server.violations).toEqual([]);
  checkBill(scenario, bills, journal);
}

function checkBill(
  { ceiling, turn }: Scenario,
  bills: readonly { readonly usage: TokenUsage; readonly usd: number }[],
  journal: readonly Called[],
): void {
  const measure =
    'usd' in ceiling ? ({ usd }: { usd: number }) => usd : ({ usage }: { usage: TokenUsage }) => tokensOf(usage);
  const limit = 'usd' in ceiling ? ceiling.usd : ceiling.tokens;
  const sum = (all: readonly { usage: TokenUsage; usd: number }[]) =>
    all.reduce((total, one) => total + measure(one), 0);
  const told = journal.map(({ usage, usd = 0 }) => ({ usage: usageIn(usage), usd }));
  const billed = sum(bills);
  const isReported = bills.every((_, number) => {
    const { isUnmetered, cutAfter, isStalled } = turn(number);
    return !isUnmetered && cutAfter === undefined && !isStalled;
  });
  const estimated = journal
    .filter((entry) => entry.estimated)
    .map(({ usage, usd = 0 }) => measure({ usage: usageIn(usage), usd }));
  const tolerance = isReported ? 1e-9 : Math.max(...estimated);
  expect(billed, 'the bill').toBeLessThanOrEqual(limit + tolerance);
  expect(sum(told), 'the journal').toBeLessThanOrEqual(limit + 1e-9);
  // Not far below either: a cache that is not told of makes an estimate dear.
  expect(billed, 'the bill').toBeGreaterThan(limit * (isReported ? 0.4 : 0.2));
  if (isReported) {
    expect(sum(told)).toBeCloseTo(billed, 9);
    expect(estimated).toEqual([]);
  } else {
    expect(estimated.length).toBeGreaterThan(0);
  }
}

/** As the journal has it, without a figure that is undefined. */
function usageIn({ shortCacheWrite: _short, ...usage }: Called['usage']): TokenUsage {
  return usage;
}

const source = 'x = x * 0.5 + bias  # a line of code\n'.repeat(350);
const word = 'gradient ';
const otherModel = 'other-model';

/** What the server reads and writes. Of a request that begins as the last one did, it has most in its cache. */
function usageOf({ charactersPerToken, adapter }: Scenario, { body }: RecordedRequest, turn: Turn): TokenUsage {
  const input = Math.ceil(JSON.stringify(body).length / charactersPerToken);
  const cachedInput = adapter.wire === 'chat' ? Math.floor(input / 2) : 0;
  const output = turn.isStalled ? 0 : Math.ceil((turn.words * word.length) / charactersPerToken);
  return { uncachedInput: input - cachedInput, cachedInput, cacheWrite: 0, output: Math.max(output, 1) };
}

function stepOf(
  { words, isOverloaded, isStalled, isUnmetered, cutAfter }: Turn,
  usage: TokenUsage,
  cost?: number,
): Step {
  if (isOverloaded) return { fault: 'overloaded' };
  if (isStalled) return { fault: 'stalled-headers' };
  return {
    reply: {
      text: word.repeat(words),
      usage: { uncached: usage.uncachedInput, cached: usage.cachedInput, output: usage.output },
      ...(isUnmetered && { isUnmetered }),
      ...(cutAfter !== undefined && { cutAfter }),
      ...(cost !== undefined && { cost }),
    },
  };
}

async function openModels({ adapter, price, otherPrice }: Scenario, server: ModelServer, counter: SpendingCounter) {
  const first = createCeilingModel(await adapter.create(server), { counter, price });
  if (otherPrice === undefined) return [first];
  return [first, createCeilingModel(await adapter.create(server, otherModel), { counter, price: otherPrice })];
}

function spentIn(journal: readonly Called[]) {
  return {
    usd: journal.reduce((sum, { usd = 0 }) => sum + usd, 0),
    tokens: journal.reduce((sum, { usage }) => sum + tokensOf(usageIn(usage)), 0),
  };
}

async function ask(
  model: Model,
  messages: readonly ModelMessage[],
  journal: Called[],
  signal: AbortSignal,
): Promise<ModelReply> {
  const record = async (news: ResearcherNews) => {
    if (news.event === 'model-called') journal.push({ ...news, seq: 0, at: '' } as Called);
  };
  const request = { experiment: 1, attempt: 0, record } as unknown as ProposalRequest;
  const options = { model, costOf: () => undefined, maxOutputTokens: 16_000 } as unknown as LlmOptions;
  return askModel({ options, request, signal, system: 'Improve the script.', purpose: 'proposal' }, messages);
}

/** The conversation with the reply in it; begun anew when it is long. */
function grown(messages: readonly ModelMessage[], reply: ModelReply): readonly ModelMessage[] {
  const said: ModelMessage[] =
    reply.kind === 'answer'
      ? [
          { role: 'assistant', text: reply.text, calls: [] },
          { role: 'user', text: 'Go on.' },
        ]
      : [];
  return messages.length > 8 ? [{ role: 'user', text: source }] : [...messages, ...said];
}
