/**
 * The prompt caches of providers as their documents describe them (November 2026).
 *
 * - Anthropic (platform.claude.com, "Prompt caching"): an entry is written at each of at most four marks and lives five
 *   minutes or an hour; a request reads the longest living entry that ends at one of its marks or at most twenty blocks
 *   before one; a prefix below the model's minimum (512 tokens for the 5.5 models) is not stored. OpenRouter hands the
 *   marks on content parts to Anthropic.
 * - OpenAI from GPT-5.6 on (developers.openai.com, "Prompt caching"; the `openai` package's types): entries are written
 *   at the last message of the user's or a tool's and at the last three marks, live at least 30 minutes, and are read
 *   where the request has a breakpoint, the latest 80 of which count. Whether the places at which earlier requests had
 *   their implicit breakpoint count too is not said: `openai` says yes, `openai-strict` no.
 * - OpenAI before 5.6, DeepSeek, Gemini and others: every prefix from 1,024 tokens on, by itself; writing costs nothing.
 */
import { createHash } from 'node:crypto';
import type { RecordedRequest } from './model-server.ts';
import { type PromptBlock, promptBlocks } from './prompt-blocks.ts';
import type { ServedReply } from './render-reply.ts';

interface Place {
  readonly index: number;
  readonly minutes: number;
}

interface CacheRule {
  readonly minTokens: number;
  /** Where entries are written, and for how long. */
  readonly writes: (blocks: readonly PromptBlock[]) => readonly Place[];
  /** Where an entry may end that is read. */
  readonly reads: (blocks: readonly PromptBlock[]) => readonly number[];
  readonly isWritingBilled: boolean;
}

const lookBack = 20;
const explicitWrites = 3;
const latestBreakpoints = 80;
const openAIMinutes = 30;
const charactersPerToken = 4;

const rules = {
  anthropic: {
    minTokens: 512,
    writes: marks,
    reads: (blocks) =>
      marks(blocks).flatMap(({ index }) =>
        Array.from({ length: Math.min(lookBack, index) + 1 }, (_, step) => index - step),
      ),
    isWritingBilled: true,
  },
  openai: {
    minTokens: 1024,
    writes: openAIWrites,
    reads: (blocks) =>
      placesWhere(blocks, ({ marked, isMessageEnd }) => marked !== undefined || isMessageEnd).slice(-latestBreakpoints),
    isWritingBilled: true,
  },
  'openai-strict': {
    minTokens: 1024,
    writes: openAIWrites,
    reads: (blocks) => [
      ...placesWhere(blocks, ({ marked }) => marked !== undefined).slice(1 - latestBreakpoints),
      ...lastMessage(blocks),
    ],
    isWritingBilled: true,
  },
  automatic: {
    minTokens: 1024,
    writes: (blocks) => blocks.map((_, index) => ({ index, minutes: openAIMinutes })),
    reads: (blocks) => blocks.map((_, index) => index),
    isWritingBilled: false,
  },
} satisfies Readonly<Record<string, CacheRule>>;

export type CacheRuleName = keyof typeof rules;

/** A cache by this rule; `use` is told each request and the minute at which it comes, and gives what is billed. */
export function createPromptCache(name: CacheRuleName) {
  const { minTokens, writes, reads, isWritingBilled }: CacheRule = rules[name];
  const living = new Map<string, number>();
  return {
    use: (request: Pick<RecordedRequest, 'wire' | 'body'>, minute: number): NonNullable<ServedReply['usage']> => {
      const blocks = promptBlocks(request);
      const keys = keysOf(blocks);
      const isLongEnough = (index: number) => tokensOf(blocks.slice(0, index + 1)) >= minTokens;
      const isAlive = (index: number) => (living.get(keys[index] ?? '') ?? -1) >= minute;
      const read = Math.max(-1, ...reads(blocks).filter(isAlive));
      const written = writes(blocks).filter(({ index }) => isLongEnough(index));
      for (const { index, minutes } of written) living.set(keys[index] ?? '', minute + minutes);
      const endOf = (places: readonly Place[]) => Math.max(read, ...places.map(({ index }) => index));
      const last = isWritingBilled ? endOf(written) : read;
      const lastLong = isWritingBilled ? endOf(written.filter(({ minutes }) => minutes > 5)) : read;
      return {
        cached: tokensOf(blocks.slice(0, read + 1)),
        written: tokensOf(blocks.slice(read + 1, last + 1)),
        shortWritten: tokensOf(blocks.slice(lastLong + 1, last + 1)),
        uncached: tokensOf(blocks.slice(last + 1)),
        output: 100,
      };
    },
  };
}

function marks(blocks: readonly PromptBlock[]): readonly Place[] {
  return blocks.flatMap(({ marked }, index) => (marked === undefined ? [] : [{ index, minutes: marked }]));
}

function openAIWrites(blocks: readonly PromptBlock[]): readonly Place[] {
  const implicit = lastMessage(blocks).map((index) => ({ index, minutes: openAIMinutes }));
  return [...marks(blocks).slice(-explicitWrites), ...implicit];
}

/** Where the service places its own breakpoint. */
function lastMessage(blocks: readonly PromptBlock[]): readonly number[] {
  return placesWhere(blocks, ({ isMessageEnd }) => isMessageEnd).slice(-1);
}

function placesWhere(blocks: readonly PromptBlock[], holds: (block: PromptBlock) => boolean): readonly number[] {
  return blocks.flatMap((block, index) => (holds(block) ? [index] : []));
}

/** What names the prefix that ends at each block. */
function keysOf(blocks: readonly PromptBlock[]): readonly string[] {
  const hash = createHash('sha256');
  return blocks.map(({ text }) => hash.update(`${text.length} ${text}`).copy().digest('hex'));
}

function tokensOf(blocks: readonly PromptBlock[]): number {
  return Math.ceil(blocks.reduce((sum, { text }) => sum + text.length, 0) / charactersPerToken);
}
