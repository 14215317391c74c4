/**
 * What a chat server wants of a request where servers differ, and what its refusals teach about that.
 *
 * A refusal that names what was wrong is answered by asking once more as the server wants it, and every later request
 * of this session is written so. The sources of each row are in docs/models.md.
 */
import type { ModelFault } from '../../../ports/model.ts';

export interface Dialect {
  /** What the limit on a reply's tokens is called. */
  readonly limit: 'max_tokens' | 'max_completion_tokens';
  /**
   * Whether the thoughts of a reply go back with it: as they came; with every reply, as the services demand whose
   * models think; or never.
   */
  readonly reasoning: 'as-came' | 'always' | 'never';
  /** Where the reasoning effort stands: OpenRouter has an object for it. */
  readonly effort: 'reasoning_effort' | 'reasoning';
  /** Whether the system text is a message of its own or the beginning of the first user message. */
  readonly system: 'apart' | 'in-first-message';
  /** The content of a reply of calls alone. */
  readonly noText: null | '';
  /** Whether ids of calls go back as they came or as nine letters and digits, which Mistral's checks demand. */
  readonly ids: 'as-came' | 'nine';
  readonly isStreamed: boolean;
  /** Whether the usage of a streamed reply has to be asked for, and may be. */
  readonly asksUsage: boolean;
}

/** The dialect of a server of which nothing is known. */
export const plainDialect: Dialect = {
  limit: 'max_tokens',
  reasoning: 'as-came',
  effort: 'reasoning_effort',
  system: 'apart',
  noText: null,
  ids: 'as-came',
  isStreamed: true,
  asksUsage: true,
};

interface Lesson {
  /** The server's words. */
  readonly words: RegExp;
  readonly teaches: Partial<Dialect>;
}

/** What a server says of a key that it does not know. */
const unknown =
  /unsupported|not supported|not permitted|unrecognized|unknown|unexpected|extra_forbidden|additional propert|not allowed/;

const refusedKey = (key: string): RegExp =>
  new RegExp(`\\b${key}\\b.{0,120}(${unknown.source})|(${unknown.source}).{0,80}\\b${key}\\b`, 'i');

const lessons: readonly Lesson[] = [
  // OpenAI: "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
  { words: /use '?`?"?max_completion_tokens/i, teaches: { limit: 'max_completion_tokens' } },
  { words: /use '?`?"?max_tokens/i, teaches: { limit: 'max_tokens' } },
  { words: refusedKey('max_completion_tokens'), teaches: { limit: 'max_tokens' } },
  { words: refusedKey('max_tokens'), teaches: { limit: 'max_completion_tokens' } },
  // DeepSeek: "The `reasoning_content` in the thinking mode must be passed back to the API."
  // Kimi: "thinking is enabled but reasoning_content is missing in assistant tool call message at index 2"
  {
    words: /reasoning(_content)?\b.{0,60}(must be|missing|required)|missing.{0,40}reasoning/i,
    teaches: { reasoning: 'always' },
  },
  // groq, Cerebras: "property 'messages.2.assistant.reasoning_content' is unsupported"
  { words: refusedKey('reasoning(?:_content|_details)?'), teaches: { reasoning: 'never' } },
  // The template of Gemma 2: "System role not supported"
  { words: /system role (is )?(not|un)|role:? '?"?system\b.{0,40}not/i, teaches: { system: 'in-first-message' } },
  // mistral-common: "Tool call id was call_49c89af0 but must be a-z, A-Z, 0-9, with a length of 9."
  { words: /call id\b.{0,80}length of 9/i, teaches: { ids: 'nine' } },
  { words: refusedKey('stream_options'), teaches: { asksUsage: false } },
  {
    words: /(verified|not allowed) to stream|stream(ing)?\b.{0,40}(not|un)[ -]?(support|allow|implement|availab)/i,
    teaches: { isStreamed: false },
  },
  // A server that checks by pydantic's rules: "messages.2.content: none is not an allowed value"
  { words: /content\b.{0,80}(none|null|(be|valid) a? ?string|required)/i, teaches: { noText: '' } },
  { words: /content\b.{0,60}(non-?empty|must not be empty|cannot be empty)/i, teaches: { noText: null } },
];

/** How to write the next request after this refusal; undefined when it teaches nothing new. */
export function learnFrom(dialect: Dialect, { code, message }: ModelFault): Dialect | undefined {
  // llama.cpp and others answer 500 when a template refuses a conversation.
  if (code !== 'bad-request' && code !== 'server-error') return undefined;
  const next = lessons
    .filter(({ words }) => words.test(message))
    .map(({ teaches }) => ({ ...dialect, ...teaches }))
    .find((taught) => !isSame(taught, dialect));
  return next;
}

function isSame(a: Dialect, b: Dialect): boolean {
  return (Object.keys(a) as (keyof Dialect)[]).every((key) => a[key] === b[key]);
}
