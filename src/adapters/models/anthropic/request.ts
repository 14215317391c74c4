/**
 * Turns a ModelRequest into a request of Anthropic's Messages API.
 *
 * The API allows four cache breakpoints. Three follow messages that the caller marks with `isPrefixEnd`, or the system text
 * where there are fewer; these last an hour, since an experiment takes longer than five minutes. The fourth follows the
 * last message and lasts five minutes, since the next turn comes seconds later.
 */
import type {
  ContentBlockParam,
  MessageCreateParamsNonStreaming,
  MessageParam,
  TextBlockParam,
} from '@anthropic-ai/sdk/resources/messages';
import type { ModelMessage, ModelRequest, ModelTool } from '../../../ports/model.ts';
import { claudeMarks, type MarkedMessage, withMarks } from '../cache-marks.ts';

const forAnHour = { type: 'ephemeral', ttl: '1h' } as const;
const forMinutes = { type: 'ephemeral', ttl: '5m' } as const;

export function toAnthropicRequest(
  request: ModelRequest,
  model: string,
  effort?: string,
): MessageCreateParamsNonStreaming {
  const { system, messages, tools, maxOutputTokens } = request;
  const marks = claudeMarks(request);
  const isSystemMarked = marks.system !== undefined;
  const markOfSystem = isSystemMarked ? { cache_control: forAnHour } : {};
  return {
    model,
    max_tokens: maxOutputTokens,
    ...effortOf(effort),
    ...(system !== '' && { system: [{ type: 'text', text: system, ...markOfSystem }] }),
    ...(tools.length > 0 && {
      tools: tools.map((tool, index) => toTool(tool, isSystemMarked && system === '' && index === tools.length - 1)),
    }),
    messages: withBreakpoint(mergeTurns(withMarks(messages, marks).map(toMessage))),
  };
}

/** The owner's word goes out as it is: which levels there are depends on the model. */
function effortOf(effort: string | undefined): object {
  return effort === undefined ? {} : { output_config: { effort } };
}

function toTool({ name, description, parameters }: ModelTool, isPrefixEnd: boolean) {
  return {
    name,
    description,
    input_schema: { ...parameters, type: 'object' as const },
    ...(isPrefixEnd && { cache_control: forAnHour }),
  };
}

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: readonly ContentBlockParam[];
}

function toMessage(message: MarkedMessage): Turn {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: textBlocks(message.text, message.mark === 'hour') };
    case 'assistant':
      return { role: 'assistant', content: Array.isArray(message.native) ? message.native : fromPlain(message) };
    case 'tool':
      return {
        role: 'user',
        content: message.results.map(({ callId, text, isError }) => ({
          type: 'tool_result',
          tool_use_id: callId,
          content: text,
          is_error: isError,
        })),
      };
    default:
      return message satisfies never;
  }
}

function fromPlain({ text, calls }: Extract<ModelMessage, { role: 'assistant' }>): readonly ContentBlockParam[] {
  return [
    ...textBlocks(text),
    ...calls.map((call) => ({ type: 'tool_use' as const, id: call.id, name: call.name, input: call.arguments ?? {} })),
  ];
}

/** The API refuses empty text blocks. */
function textBlocks(text: string, isPrefixEnd = false): readonly TextBlockParam[] {
  return text.trim() === '' ? [] : [{ type: 'text', text, ...(isPrefixEnd && { cache_control: forAnHour }) }];
}

/** Joins neighbouring turns of one role: tool results and the user's text after them both have the role `user`. */
function mergeTurns(turns: readonly Turn[]): readonly Turn[] {
  const joined: Turn[] = [];
  for (const turn of turns) {
    const last = joined.at(-1);
    if (last?.role === turn.role) joined[joined.length - 1] = { ...turn, content: [...last.content, ...turn.content] };
    else joined.push(turn);
  }
  return joined;
}

function withBreakpoint(turns: readonly Turn[]): MessageParam[] {
  return turns.map(({ role, content }, index) => ({
    role,
    content: index === turns.length - 1 && role === 'user' ? marked(content) : [...content],
  }));
}

function marked(content: readonly ContentBlockParam[]): ContentBlockParam[] {
  const last = content.at(-1);
  if (last === undefined) return [];
  return [...content.slice(0, -1), { ...last, cache_control: forMinutes } as ContentBlockParam];
}
