/**
 * Holds a request against the schema that its provider documents: unknown keys, roles, pairing of calls and results,
 * cache breakpoints, required limits, headers.
 */
import { z } from 'zod';
import type { Wire } from './render-reply.ts';

export interface CheckedRequest {
  readonly wire: Wire;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What is wrong with a request of ours, in words; nothing when the provider would take it. */
export function checkRequest({ wire, headers, body }: CheckedRequest): readonly string[] {
  if (wire === 'gemini') return ['we do not speak to Google but through LangChain'];
  const { schema, pairing } = checks[wire];
  const shape = schema.safeParse(body);
  const wrongShape = shape.success ? [] : z.prettifyError(shape.error).split('\n');
  return [...checkHeaders(wire, headers), ...wrongShape, ...(shape.success ? pairing(body) : []), ...checkText(body)];
}

/** What is wrong with the headers, for every client. */
export function checkHeaders(wire: Wire, headers: Readonly<Record<string, string>>): readonly string[] {
  const problems: string[] = [];
  if (!headers['content-type']?.startsWith('application/json')) problems.push('content-type must be application/json');
  const hasBearer = /^Bearer \S+$/.test(headers.authorization ?? '');
  if (wire !== 'messages' && !hasBearer) problems.push('authorization must be a bearer token');
  if (wire === 'messages' && !hasBearer && !headers['x-api-key'])
    problems.push('x-api-key or authorization is missing');
  if (wire === 'messages' && !/^\d{4}-\d{2}-\d{2}$/.test(headers['anthropic-version'] ?? '')) {
    problems.push('anthropic-version is missing');
  }
  return problems;
}

/** Providers answer 400 to half a character. */
function checkText(body: unknown): readonly string[] {
  return /\\ud[89a-f][0-9a-f]{2}/i.test(JSON.stringify(body)) ? ['a text holds a lone surrogate'] : [];
}

const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/);
const jsonSchema = z.looseObject({ type: z.literal('object') });
const jsonText = z.string().refine((text) => {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}, 'must be JSON');

// OpenAI Responses

const breakpoint = z.strictObject({ mode: z.literal('explicit') }).optional();
const inputText = z
  .array(z.strictObject({ type: z.literal('input_text'), text: z.string(), prompt_cache_breakpoint: breakpoint }))
  .min(1);

const inputItem = z.union([
  z.strictObject({
    role: z.enum(['user', 'assistant', 'system', 'developer']),
    content: z.string(),
    type: z.literal('message').optional(),
  }),
  z.strictObject({ role: z.enum(['user', 'developer']), content: inputText }),
  z.looseObject({
    type: z.literal('message'),
    id: z.string(),
    role: z.literal('assistant'),
    content: z.array(z.looseObject({})),
  }),
  z.looseObject({
    type: z.literal('function_call'),
    call_id: z.string().min(1),
    name: toolName,
    arguments: z.string(),
  }),
  z.strictObject({
    type: z.literal('function_call_output'),
    call_id: z.string().min(1),
    output: z.union([z.string(), inputText]),
  }),
  z.looseObject({
    type: z.literal('reasoning'),
    id: z.string(),
    summary: z.array(z.unknown()),
    encrypted_content: z.string(),
  }),
]);

const responsesSchema = z.strictObject({
  model: z.string().min(1),
  instructions: z.string().optional(),
  input: z.array(inputItem).min(1),
  tools: z
    .array(
      z.strictObject({
        type: z.literal('function'),
        name: toolName,
        description: z.string(),
        parameters: jsonSchema,
        strict: z.boolean(),
      }),
    )
    .optional(),
  max_output_tokens: z.int().min(16),
  store: z.boolean().optional(),
  include: z.array(z.literal('reasoning.encrypted_content')).optional(),
  prompt_cache_key: z.string().max(64).optional(),
  stream: z.boolean().optional(),
});

function pairResponses(body: unknown): readonly string[] {
  const { input } = body as { input: readonly { type?: string; call_id?: string }[] };
  const idsOf = (type: string) => input.filter((item) => item.type === type).map((item) => item.call_id ?? '');
  return pair(idsOf('function_call'), idsOf('function_call_output'));
}

// OpenAI Chat Completions

/** A text; or parts, marked for OpenAI's cache, or as OpenRouter takes Anthropic's marks. */
const chatContent = z.union([
  z.string(),
  z
    .array(
      z.strictObject({
        type: z.literal('text'),
        text: z.string().min(1),
        prompt_cache_breakpoint: breakpoint,
        cache_control: z
          .strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() })
          .optional(),
      }),
    )
    .min(1),
]);

const chatMessage = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: chatContent }),
  z.strictObject({ role: z.literal('user'), content: chatContent }),
  z.strictObject({
    role: z.literal('assistant'),
    content: z.string().nullable(),
    tool_calls: z
      .array(
        z.strictObject({
          id: z.string().min(1),
          type: z.literal('function'),
          function: z.strictObject({ name: toolName, arguments: jsonText }),
          extra_content: z.unknown().optional(),
        }),
      )
      .min(1)
      .optional(),
    // Thoughts that the server gave: it takes them back under their own name.
    reasoning_content: z.string().min(1).optional(),
    reasoning: z.string().min(1).optional(),
    reasoning_details: z.array(z.unknown()).min(1).optional(),
  }),
  z.strictObject({ role: z.literal('tool'), tool_call_id: z.string().min(1), content: chatContent }),
]);

const chatSchema = z
  .strictObject({
    model: z.string().min(1),
    messages: z.array(chatMessage).min(1),
    tools: z
      .array(
        z.strictObject({
          type: z.literal('function'),
          function: z.strictObject({
            name: toolName,
            description: z.string(),
            parameters: jsonSchema,
            strict: z.boolean().optional(),
          }),
        }),
      )
      .min(1)
      .optional(),
    max_tokens: z.int().positive().optional(),
    max_completion_tokens: z.int().positive().optional(),
    prompt_cache_key: z.string().max(64).optional(),
    stream: z.boolean().optional(),
    stream_options: z.strictObject({ include_usage: z.boolean() }).optional(),
  })
  .refine(
    (body) => body.stream_options === undefined || body.stream === true,
    'stream_options is only for streamed requests',
  )
  .refine((body) => (body.max_tokens ?? body.max_completion_tokens) !== undefined, 'a limit on the reply is missing');

/** Checks that the results of all calls come directly after them, before any other message. */
function pairChat(body: unknown): readonly string[] {
  const { messages } = body as { messages: readonly z.infer<typeof chatMessage>[] };
  let open: string[] = [];
  const problems: string[] = [];
  for (const message of messages) {
    if (message.role === 'tool') {
      if (!open.includes(message.tool_call_id)) problems.push(`no call ${message.tool_call_id} before its result`);
      open = open.filter((id) => id !== message.tool_call_id);
    } else {
      if (open.length > 0) problems.push(`calls without results: ${open.join(', ')}`);
      open = message.role === 'assistant' ? (message.tool_calls ?? []).map(({ id }) => id) : [];
    }
  }
  const parts = messages.flatMap(({ content }) => (Array.isArray(content) ? content : []));
  const unanswered = open.length > 0 ? [`calls without results: ${open.join(', ')}`] : [];
  return [...problems, ...unanswered, ...checkCache({}, parts)];
}

// Anthropic Messages

const cacheControl = z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() }).optional();
const textBlock = z.strictObject({
  type: z.literal('text'),
  text: z.string().regex(/\S/, 'text blocks must not be empty'),
  cache_control: cacheControl,
  citations: z.null().optional(),
});
const anthropicBlock = z.discriminatedUnion('type', [
  textBlock,
  z.strictObject({
    type: z.literal('tool_use'),
    id: z.string().min(1),
    name: toolName,
    input: z.record(z.string(), z.unknown()),
    cache_control: cacheControl,
  }),
  z.strictObject({
    type: z.literal('tool_result'),
    tool_use_id: z.string().min(1),
    content: z.string(),
    is_error: z.boolean().optional(),
    cache_control: cacheControl,
  }),
  z.strictObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string().min(1) }),
]);
const messagesSchema = z.strictObject({
  model: z.string().min(1),
  max_tokens: z.int().positive(),
  system: z.array(textBlock).min(1).optional(),
  tools: z
    .array(
      z.strictObject({
        name: toolName,
        description: z.string(),
        input_schema: jsonSchema,
        cache_control: cacheControl,
      }),
    )
    .optional(),
  messages: z
    .array(z.strictObject({ role: z.enum(['user', 'assistant']), content: z.array(anthropicBlock).min(1) }))
    .min(1)
    .refine(([first]) => first?.role === 'user', 'the first message must be the user’s'),
  stream: z.boolean().optional(),
});

function pairMessages(body: unknown): readonly string[] {
  const { messages, ...prefix } = body as z.infer<typeof messagesSchema>;
  let open: string[] = [];
  const problems: string[] = [];
  for (const { role, content } of messages) {
    if (role === 'user') {
      const results = content.filter((block) => block.type === 'tool_result').map((block) => block.tool_use_id);
      problems.push(...pair(open, results));
      const firstOther = content.findIndex((block) => block.type !== 'tool_result');
      if (firstOther !== -1 && content.slice(firstOther).some((block) => block.type === 'tool_result')) {
        problems.push('tool results must stand first in their message');
      }
      open = [];
    } else {
      open = content.filter((block) => block.type === 'tool_use').map((block) => block.id);
    }
  }
  if (open.length > 0) problems.push(`calls without results: ${open.join(', ')}`);
  return [
    ...problems,
    ...checkCache(
      prefix,
      messages.flatMap(({ content }) => content),
    ),
  ];
}

/** What is wrong with the cache breakpoints. */
export function checkCache(
  prefix: { readonly tools?: readonly object[] | undefined; readonly system?: readonly object[] | undefined },
  blocks: readonly object[],
): readonly string[] {
  const marks = [...(prefix.tools ?? []), ...(prefix.system ?? []), ...blocks].flatMap(
    (block: { cache_control?: unknown }) =>
      block.cache_control ? [(block.cache_control as { ttl?: string }).ttl ?? '5m'] : [],
  );
  const problems: string[] = [];
  if (marks.length > 4) problems.push(`${marks.length} cache breakpoints, at most 4 are allowed`);
  if (marks.lastIndexOf('1h') > marks.indexOf('5m') && marks.includes('5m')) {
    problems.push('a one-hour breakpoint stands after a five-minute one');
  }
  return problems;
}

/** Each call has one result, and each result a call. */
export function pair(calls: readonly string[], results: readonly string[]): readonly string[] {
  return [
    ...calls.filter((id) => !results.includes(id)).map((id) => `call ${id} has no result`),
    ...results.filter((id) => !calls.includes(id)).map((id) => `result ${id} has no call`),
    ...(new Set(results).size === results.length ? [] : ['a call has two results']),
  ];
}

const checks = {
  responses: { schema: responsesSchema, pairing: pairResponses },
  chat: { schema: chatSchema, pairing: pairChat },
  messages: { schema: messagesSchema, pairing: pairMessages },
};
