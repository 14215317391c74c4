/**
 * A request as the pieces that a prompt cache sees, in the order in which providers put them: tools, system text,
 * messages. Keys that mark a place belong to no piece: they change no byte of the prompt.
 */
import type { RecordedRequest } from './model-server.ts';

export interface PromptBlock {
  readonly text: string;
  /** Minutes that an entry lives which ends here; undefined where the request marks nothing. */
  readonly marked: number | undefined;
  /** Whether a message of the user's or a tool's result ends here. */
  readonly isMessageEnd: boolean;
}

type Part = Readonly<Record<string, unknown>>;

interface Message {
  readonly role?: string;
  readonly type?: string;
  readonly content?: string | readonly Part[] | null;
  readonly output?: string | readonly Part[];
}

const hour = 60;
/** OpenAI's lifetime of an entry: at least 30 minutes. */
const openAIMinutes = 30;

/** The pieces of a request on this wire; none for Google's, whose cache needs no marks. */
export function promptBlocks({ wire, body }: Pick<RecordedRequest, 'wire' | 'body'>): readonly PromptBlock[] {
  const tools: readonly Part[] = body.tools ?? [];
  switch (wire) {
    case 'messages':
      return [...tools, ...(body.system ?? [])]
        .map((part: Part) => blockOf(part, ''))
        .concat(saidBlocks(body.messages));
    case 'chat':
      return tools.map((part) => blockOf(part, '')).concat(saidBlocks(body.messages));
    case 'responses':
      return [...tools, ...(body.instructions ? [{ instructions: body.instructions }] : [])]
        .map((part) => blockOf(part, ''))
        .concat(saidBlocks(body.input));
    case 'gemini':
      return [];
    default:
      return wire satisfies never;
  }
}

function saidBlocks(messages: readonly Message[]): readonly PromptBlock[] {
  return messages.flatMap((message) => {
    const { content, output, ...rest } = message;
    const said = content ?? output ?? '';
    const parts = typeof said === 'string' ? [{ said, ...rest }] : said.map((part) => ({ ...part, rest }));
    const isHeard = message.role === 'user' || message.role === 'tool' || message.type === 'function_call_output';
    return parts.map((part, index) => blockOf(part, message.role ?? '', isHeard && index === parts.length - 1));
  });
}

function blockOf(part: object, role: string, isMessageEnd = false): PromptBlock {
  const {
    cache_control: control,
    prompt_cache_breakpoint: openAI,
    ...content
  } = part as {
    readonly cache_control?: { readonly ttl?: string };
    readonly prompt_cache_breakpoint?: object;
  };
  const minutes = control ? (control.ttl === '1h' ? hour : 5) : openAI ? openAIMinutes : undefined;
  return { text: `${role} ${JSON.stringify(content)}`, marked: minutes, isMessageEnd };
}
