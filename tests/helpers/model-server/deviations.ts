/**
 * How common servers differ from OpenAI's Chat Completions, each as a named option of the test server with its source.
 *
 * A deviation refuses requests that the server refuses, in its own words, or changes what it answers.
 */
import type { chatBody } from './render-chat.ts';

// biome-ignore lint/suspicious/noExplicitAny: requests of any shape are looked into.
type Body = any;
export type ChatBody = ReturnType<typeof chatBody>;

export interface Refusal {
  readonly status: number;
  readonly body: unknown;
}

export interface Deviation {
  /** The refusal of a request; undefined when the server takes it. */
  readonly refuse?: (body: Body) => Refusal | undefined;
  /** The reply as this server words it. */
  readonly change?: (reply: ChatBody, body: Body, index: number) => unknown;
  /** Answers a request for a stream with one whole JSON body. */
  readonly isWhole?: boolean;
  /** The content type of a stream; the chunks of a stream as this server cuts them. */
  readonly contentType?: string;
  readonly endsWithoutDone?: boolean;
}

const refusal = (message: string, more: object = {}, status = 400): Refusal => ({
  status,
  body: { error: { message, type: 'invalid_request_error', param: null, code: null, ...more } },
});

/** A body in the words of vLLM and Mistral. */
const flat = (message: string, more: object = {}, status = 400): Refusal => ({
  status,
  body: { object: 'error', message, type: 'BadRequestError', param: null, code: status, ...more },
});

const limitOf = (body: Body): number => body.max_tokens ?? body.max_completion_tokens;
const tokensIn = (body: Body): number => Math.ceil(JSON.stringify([body.messages, body.tools]).length / 3.7);

const rolesOf = (body: Body): readonly string[] => body.messages.map(({ role }: { role: string }) => role);
const follows = (body: Body, second: string, first: string): boolean =>
  rolesOf(body).some((role, index, all) => index > 0 && role === second && all[index - 1] === first);

type Message = ChatBody['choices'][number]['message'] & { content: unknown; tool_calls?: Body[] };

/** The reply with another message or another reason to stop. */
function withMessage(reply: ChatBody, change: (message: Message) => object, reason?: string | null): unknown {
  const [choice] = reply.choices;
  const message = change(choice?.message as Message);
  const finish_reason = reason === undefined ? choice?.finish_reason : reason;
  return { ...reply, choices: [{ ...choice, finish_reason, message }] };
}

/** The reply with each call's function changed. */
const withCalls = (reply: ChatBody, change: (call: Body) => Body): unknown =>
  withMessage(reply, (message) => ({
    ...message,
    ...(message.tool_calls && { tool_calls: message.tool_calls.map(change) }),
  }));

/** The reply with its calls written into the text. */
const inText = (reply: ChatBody, write: (name: string, args: string) => string): unknown => {
  const calls = (reply.choices[0]?.message as Message | undefined)?.tool_calls ?? [];
  if (calls.length === 0) return reply;
  const texts = calls.map((call) => write(call.function.name, call.function.arguments));
  return withMessage(
    reply,
    ({ tool_calls: _calls, content, ...message }) => ({ ...message, content: `${content ?? ''}${texts.join('\n')}` }),
    'stop',
  );
};

/** mistral-common's check of the ids of calls. */
function refuseId(body: Body): Refusal | undefined {
  const ids = body.messages.flatMap((message: Body) => (message.tool_calls ?? []).map(({ id }: { id: string }) => id));
  const wrong = ids.find((id: string) => !/^[a-zA-Z0-9]{9}$/.test(id));
  return wrong === undefined
    ? undefined
    : flat(`Tool call id was ${wrong} but must be a-z, A-Z, 0-9, with a length of 9.`, { code: '3280' });
}

export const deviations = {
  /** The templates of Gemma and Mistral, which vLLM, llama.cpp and LM Studio apply (charmbracelet/crush#279). */
  'alternating-roles': {
    refuse: (body) =>
      follows(body, 'user', 'user') || follows(body, 'user', 'tool')
        ? flat('Conversation roles must alternate user/assistant/user/assistant/...')
        : undefined,
  },
  /** Mistral's API: code 3230, as in nicholasgriffintn/ai-platform#414 and zed-industries/zed#37021. */
  'no-user-after-tool': {
    refuse: (body) =>
      follows(body, 'user', 'tool')
        ? flat("Unexpected role 'user' after role 'tool'", { type: 'invalid_request_message_order', code: '3230' })
        : undefined,
  },
  /** The template of Gemma 2 as transformers 4 ships it. */
  'no-system-role': {
    refuse: (body) => (rolesOf(body).includes('system') ? flat('System role not supported') : undefined),
  },
  /** api-docs.deepseek.com/guides/thinking_mode: in a turn with tools, every reply's thoughts must come back. */
  'thoughts-back': {
    refuse: (body) =>
      body.messages.some((message: Body) => message.role === 'assistant' && message.reasoning_content === undefined)
        ? refusal('The `reasoning_content` in the thinking mode must be passed back to the API.', {
            code: 'invalid_request_error',
          })
        : undefined,
    change: (reply) => withMessage(reply, (message) => ({ ...message, reasoning_content: 'The rate looks low.' })),
  },
  /** Kimi (anomalyco/opencode#16318, mastra-ai/mastra#12592): not even an empty one is taken. */
  'kimi-thoughts': {
    refuse: (body) => {
      const at = body.messages.findIndex((message: Body) => message.tool_calls && !message.reasoning_content);
      return at === -1
        ? undefined
        : refusal(`thinking is enabled but reasoning_content is missing in assistant tool call message at index ${at}`);
    },
    // Now and then the model does not think.
    change: (reply, _body, index) =>
      index % 2 === 0 ? reply : withMessage(reply, (message) => ({ ...message, reasoning_content: 'Hm.' })),
  },
  /** Cerebras (egoist/chatwise-releases#1442) and groq (SimonSchubert/Kai#265). */
  'no-thoughts': {
    refuse: (body) => {
      const at = body.messages.findIndex((message: Body) => 'reasoning_content' in message || 'reasoning' in message);
      const property = `messages.${at}.assistant.reasoning_content`;
      return at === -1
        ? undefined
        : {
            status: 400,
            body: {
              message: `${property}: property '${property}' is unsupported`,
              type: 'invalid_request_error',
              param: 'validation_error',
              code: 'wrong_api_format',
            },
          };
    },
    change: (reply) => withMessage(reply, (message) => ({ ...message, reasoning_content: 'The rate looks low.' })),
  },
  /** vLLM names the thoughts `reasoning` (vllm-project/vllm#27752, the old name is gone since #33402), as OpenRouter does. */
  'thoughts-named-reasoning': {
    refuse: (body) =>
      body.messages.some((message: Body) => message.role === 'assistant' && message.reasoning === undefined)
        ? refusal('reasoning must be sent back')
        : undefined,
    change: (reply) => withMessage(reply, (message) => ({ ...message, reasoning: 'The rate looks low.' })),
  },
  /** OpenAI's models that reason, also behind gateways. */
  'no-max-tokens': {
    refuse: (body) =>
      body.max_tokens === undefined
        ? undefined
        : refusal(
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            { param: 'max_tokens', code: 'unsupported_parameter' },
          ),
  },
  /** Servers that check by pydantic's rules and know only the older name, such as old TGI and LocalAI. */
  'no-max-completion-tokens': {
    refuse: (body) =>
      body.max_completion_tokens === undefined
        ? undefined
        : {
            status: 422,
            body: {
              detail: [
                {
                  type: 'extra_forbidden',
                  loc: ['body', 'max_completion_tokens'],
                  msg: 'Extra inputs are not permitted',
                },
              ],
            },
          },
  },
  /** Mistral's API, as in openai/openai-agents-python#442. */
  'no-stream-options': {
    refuse: (body) =>
      body.stream_options === undefined
        ? undefined
        : flat(
            '',
            {
              message: {
                detail: [
                  {
                    type: 'extra_forbidden',
                    loc: ['body', 'stream_options', 'include_usage'],
                    msg: 'Extra inputs are not permitted',
                    input: true,
                  },
                ],
              },
            },
            422,
          ),
  },
  /** OpenAI asks for a verified organisation before some models may stream. */
  'no-stream': {
    refuse: (body) =>
      body.stream
        ? refusal('Your organization must be verified to stream this model.', {
            param: 'stream',
            code: 'unsupported_value',
          })
        : undefined,
  },
  /** pydantic's words of a gateway that wants a text in every message. */
  'no-null-content': {
    refuse: (body) => {
      const at = body.messages.findIndex((message: Body) => message.content === null);
      return at === -1
        ? undefined
        : {
            status: 422,
            body: {
              detail: [
                {
                  loc: ['body', 'messages', at, 'content'],
                  msg: 'none is not an allowed value',
                  type: 'type_error.none.not_allowed',
                },
              ],
            },
          };
    },
  },
  /** Other words for the same, with 422 (older vLLM and TGI). */
  'text-content': {
    refuse: (body) =>
      body.messages.some((message: Body) => typeof message.content !== 'string')
        ? refusal("'content' must be a string", {}, 422)
        : undefined,
  },
  /** llama.cpp answers 500 to what a template refuses. */
  'no-system-role-500': {
    refuse: (body) => (rolesOf(body).includes('system') ? flat('System role not supported', {}, 500) : undefined),
  },
  /** Gateways that do not stream (NVIDIA-NIM before 1.3 with tools, older llama.cpp with tools). */
  'whole-json': { isWhole: true },
  'stream-as-text': { contentType: 'text/plain; charset=utf-8' },
  /** LocalAI and some llama.cpp builds end a stream without the last line. */
  'no-done': { endsWithoutDone: true },
  /** LiteLLM before Ollama: the arguments are an object (BerriAI/litellm#37792). */
  'arguments-object': {
    change: (reply) =>
      withCalls(reply, (call) => ({
        ...call,
        function: { ...call.function, arguments: JSON.parse(call.function.arguments) },
      })),
  },
  /** Models that fence what they write. */
  'arguments-fenced': {
    change: (reply) =>
      withCalls(reply, (call) => ({
        ...call,
        function: { ...call.function, arguments: `\`\`\`json\n${call.function.arguments}\n\`\`\`` },
      })),
  },
  /** Granite 4 through vLLM's hermes parser: a string within the string (vllm-project/vllm#54964). */
  'arguments-twice': {
    change: (reply) =>
      withCalls(reply, (call) => ({
        ...call,
        function: { ...call.function, arguments: JSON.stringify(call.function.arguments) },
      })),
  },
  /** Local models that break lines within a string. */
  'arguments-raw-lines': {
    change: (reply) =>
      withCalls(reply, (call) => ({
        ...call,
        function: {
          ...call.function,
          arguments: call.function.arguments.replaceAll('\\n', '\n').replaceAll('\\t', '\t'),
        },
      })),
  },
  /** Kimi's own names for calls, gpt-oss's channels, and prefixes of gateways. */
  'names-prefixed': {
    change: (reply) =>
      withCalls(reply, (call) => ({
        ...call,
        function: { ...call.function, name: `functions.${call.function.name}:0` },
      })),
  },
  'names-with-channel': {
    change: (reply) =>
      withCalls(reply, (call) => ({
        ...call,
        function: { ...call.function, name: `${call.function.name}<|channel|>commentary` },
      })),
  },
  'ids-empty': { change: (reply) => withCalls(reply, (call) => ({ ...call, id: '' })) },
  /** Nothing says that ids of a server differ; Ollama 0.20 and Gemini number every call 0 (ollama/ollama#15457). */
  'ids-same': { change: (reply) => withCalls(reply, (call) => ({ ...call, id: 'call_0' })) },
  /** Mistral's API wants nine letters and digits, and so does its template in vLLM. */
  'ids-nine': {
    refuse: refuseId,
    change: (reply) => withCalls(reply, (call) => ({ ...call, id: null })),
  },
  /** The same check on ids that the server made itself, as a 500 (jundot/omlx#1997). */
  'ids-nine-own': {
    refuse: (body) => {
      const refused = refuseId(body);
      return refused && { ...refused, status: 500 };
    },
    change: (reply) => withCalls(reply, (call) => ({ ...call, id: `call_49c89af${call.function.name.length}` })),
  },
  /** Qwen, Hermes: a server without a parser of calls (vLLM without `--tool-call-parser`, llama.cpp without `--jinja`). */
  'calls-hermes': {
    change: (reply) =>
      inText(
        reply,
        (name, args) =>
          `<think>\nRaise it.\n</think>\n\n<tool_call>\n{"name": "${name}", "arguments": ${args}}\n</tool_call>`,
      ),
  },
  /** Qwen3-Coder. */
  'calls-qwen-coder': {
    change: (reply) =>
      inText(reply, (name, args) => {
        const parameters = Object.entries(JSON.parse(args)).map(
          ([key, value]) =>
            `<parameter=${key}>\n${typeof value === 'string' ? value : JSON.stringify(value)}\n</parameter>`,
        );
        return `<tool_call>\n<function=${name}>\n${parameters.join('\n')}\n</function>\n</tool_call>`;
      }),
  },
  /** Llama 3.1's own form for custom tools. */
  'calls-llama-function': { change: (reply) => inText(reply, (name, args) => `<function=${name}>${args}</function>`) },
  /** Llama 3.1 and 3.2. */
  'calls-python-tag': {
    change: (reply) =>
      inText(reply, (name, args) => `<|python_tag|>{"name": "${name}", "parameters": ${args}}<|eom_id|>`),
  },
  'calls-mistral': {
    change: (reply) => inText(reply, (name, args) => `[TOOL_CALLS][{"name": "${name}", "arguments": ${args}}]`),
  },
  /** Mistral from its tokenizer 11 on. */
  'calls-mistral-11': { change: (reply) => inText(reply, (name, args) => `[TOOL_CALLS]${name}[ARGS]${args}`) },
  'calls-fenced': {
    change: (reply) =>
      inText(
        reply,
        (name, args) => `I raise the rate.\n\n\`\`\`json\n{"name": "${name}", "arguments": ${args}}\n\`\`\`\n`,
      ),
  },
  /** Mistral's models that think give their text as a list of parts (docs.mistral.ai, Reasoning). */
  'content-parts': {
    change: (reply) =>
      withMessage(reply, (message) => ({
        ...message,
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
          { type: 'text', text: message.content ?? '' },
        ],
      })),
  },
  /** Reasons to stop that are not OpenAI's: `eos` (TGI's `eos_token`, text-generation-webui), none at all, "stop" with calls. */
  'reason-eos': { change: (reply) => withMessage(reply, (message) => message, 'eos_token') },
  'reason-none': { change: (reply) => withMessage(reply, (message) => message, null) },
  'reason-stop': { change: (reply) => withMessage(reply, (message) => message, 'stop') },
  /** vLLM 0.10: the reply must fit beside the request. */
  'window-8k': {
    refuse: (body) => {
      const [asked, input] = [limitOf(body), tokensIn(body)];
      return asked + input <= 8192
        ? undefined
        : flat(
            `'max_tokens' or 'max_completion_tokens' is too large: ${asked}. This model's maximum context length is 8192 tokens and your request has ${input} input tokens (${asked} > 8192 - ${input}).`,
          );
    },
  },
  /** vLLM before 0.9, OpenAI's older models (vllm-project/vllm#20409). */
  'window-8k-older': {
    refuse: (body) => {
      const [asked, input] = [limitOf(body), tokensIn(body)];
      return asked + input <= 8192
        ? undefined
        : flat(
            `This model's maximum context length is 8192 tokens. However, you requested ${asked + input} tokens (${input} in the messages, ${asked} in the completion). Please reduce the length of the messages or completion.`,
          );
    },
  },
  /** vLLM from 0.15 on says no figure of its own: "at least" is what is left plus one (vllm-project/vllm#42474). */
  'window-8k-at-least': {
    refuse: (body) => {
      const asked = limitOf(body);
      const left = Math.max(1, 8192 - asked + 1);
      return asked + tokensIn(body) <= 8192
        ? undefined
        : flat(
            `This model's maximum context length is 8192 tokens. However, you requested ${asked} output tokens and your prompt contains at least ${left} input tokens, for a total of at least 8193 tokens.`,
          );
    },
  },
  /** groq's words. */
  'replies-4k': {
    refuse: (body) =>
      limitOf(body) <= 4096
        ? undefined
        : refusal(
            '`max_tokens` must be less than or equal to `4096`, the maximum value for `max_tokens` is less than the `context_window` for this model',
          ),
  },
  /** OpenRouter's words for an account that is nearly empty. */
  'affords-3k': {
    refuse: (body) =>
      limitOf(body) <= 3000
        ? undefined
        : refusal(
            `This request requires more credits, or fewer max_tokens. You requested up to ${limitOf(body)} tokens, but can only afford 3000.`,
            { code: 402 },
            402,
          ),
  },
  'no-usage': { change: ({ usage: _usage, ...reply }) => reply },
} satisfies Readonly<Record<string, Deviation>>;

export type DeviationName = keyof typeof deviations;

/** What the first of these deviations to refuse the request says. */
export function refusalOf(names: readonly DeviationName[], body: unknown): Refusal | undefined {
  for (const name of names) {
    const { refuse }: Deviation = deviations[name];
    const found = refuse?.(body);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A reply as a server with all of these deviations words it. */
export function deviate(names: readonly DeviationName[], reply: ChatBody, body: unknown, index: number): ChatBody {
  return names.reduce((left, name) => {
    const { change }: Deviation = deviations[name];
    return (change?.(left, body, index) ?? left) as ChatBody;
  }, reply);
}

/** How a server with these deviations sends a reply. */
export function sendingOf(names: readonly DeviationName[]) {
  const all: readonly Deviation[] = names.map((name) => deviations[name]);
  return {
    isWhole: all.some(({ isWhole }) => isWhole),
    contentType: all.find(({ contentType }) => contentType !== undefined)?.contentType ?? 'text/event-stream',
    endsWithoutDone: all.some(({ endsWithoutDone }) => endsWithoutDone),
  };
}
