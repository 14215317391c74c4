/**
 * Anthropic's prompt cache as its documents describe it: a prefix is written at each breakpoint and lives as long as that
 * says; a request reads the longest living prefix that ends at one of its breakpoints or at most twenty blocks before one.
 */
import { createHash } from 'node:crypto';
import type { ServedReply } from './render-reply.ts';

interface Block {
  readonly text: string;
  /** Minutes that its breakpoint lives; undefined where there is none. */
  readonly lives: number | undefined;
}

interface CachedBody {
  readonly tools?: readonly object[];
  readonly system?: readonly object[];
  readonly messages: readonly { readonly role: string; readonly content: readonly object[] }[];
}

const lookBack = 20;
const charactersPerToken = 4;

/** A cache; `use` is told each request and the minute at which it comes. */
export function createPromptCache() {
  const written = new Map<string, number>();
  return {
    use: (body: CachedBody, minute: number): NonNullable<ServedReply['usage']> => {
      const blocks = blocksOf(body);
      const keys = keysOf(blocks);
      const ends = blocks.flatMap(({ lives }, index) => (lives === undefined ? [] : [{ index, lives }]));
      const isAlive = (index: number) => (written.get(keys[index] ?? '') ?? -1) >= minute;
      const reach = ends.flatMap(({ index }) =>
        Array.from({ length: Math.min(lookBack, index) + 1 }, (_, step) => index - step),
      );
      const read = Math.max(-1, ...reach.filter(isAlive));
      for (const { index, lives } of ends) written.set(keys[index] ?? '', minute + lives);
      const last = Math.max(read, ...ends.map(({ index }) => index));
      const lastHour = Math.max(read, ...ends.filter(({ lives }) => lives === 60).map(({ index }) => index));
      return {
        cached: tokensOf(blocks.slice(0, read + 1)),
        written: tokensOf(blocks.slice(read + 1, last + 1)),
        shortWritten: tokensOf(blocks.slice(lastHour + 1, last + 1)),
        uncached: tokensOf(blocks.slice(last + 1)),
        output: 100,
      };
    },
  };
}

function blocksOf({ tools = [], system = [], messages }: CachedBody): readonly Block[] {
  const said = messages.flatMap(({ role, content }) => content.map((block) => ({ role, ...block })));
  return [...tools, ...system, ...said].map((block) => {
    const { cache_control: control, ...content } = block as { cache_control?: { ttl?: string } };
    return { text: JSON.stringify(content), lives: control && (control.ttl === '1h' ? 60 : 5) };
  });
}

/** What names the prefix that ends at each block. */
function keysOf(blocks: readonly Block[]): readonly string[] {
  const hash = createHash('sha256');
  return blocks.map(({ text }) => hash.update(`${text.length} ${text}`).copy().digest('hex'));
}

function tokensOf(blocks: readonly Block[]): number {
  return Math.ceil(blocks.reduce((sum, { text }) => sum + text.length, 0) / charactersPerToken);
}
