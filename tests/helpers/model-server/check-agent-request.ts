/**
 * Holds a coding agent's request against what its provider documents: shapes, roles, pairing of calls and results,
 * breakpoints, keys. Wider than what our own requests must be, since agents use far more of the APIs than we do.
 */
import { z } from 'zod';
import { type CheckedRequest, checkCache, checkHeaders, pair } from './check-request.ts';

/** What is wrong, in words; nothing when the provider would take it. */
export function checkAgentRequest({ wire, headers, body }: CheckedRequest): readonly string[] {
  if (wire === 'gemini')
    return [...(headers['x-goog-api-key'] ? [] : ['x-goog-api-key is missing']), ...checkGemini(body)];
  const check = { messages: checkMessages, responses: checkResponses, chat: checkChat }[wire];
  return [...checkHeaders(wire, headers), ...check(body)];
}

const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/);
const objectSchema = z.looseObject({ type: z.literal('object') });

function shapeProblems(schema: z.ZodType, body: unknown): readonly string[] {
  const { error } = schema.safeParse(body);
  return error ? z.prettifyError(error).split('\n') : [];
}

// Anthropic Messages

const block = z.looseObject({ type: z.string(), id: z.string().optional(), tool_use_id: z.string().optional() });
const agentMessages = z.looseObject({
  model: z.string().min(1),
  max_tokens: z.int().positive(),
  stream: z.boolean().optional(),
  system: z
    .union([z.string(), z.array(z.looseObject({ type: z.literal('text'), text: z.string().min(1) }))])
    .optional(),
  // A server's own tool has a type and no schema.
  tools: z.array(
    z.union([z.looseObject({ name: toolName, input_schema: objectSchema }), z.looseObject({ type: z.string() })]),
  ),
  messages: z
    .array(
      z.looseObject({
        // `system` in the middle is a beta that claude names in its headers.
        role: z.enum(['user', 'assistant', 'system']),
        content: z.union([z.string().min(1), z.array(block).min(1)]),
      }),
    )
    .min(1)
    .refine(([first]) => first?.role === 'user', 'the first message must be the user’s'),
});

function checkMessages(body: unknown): readonly string[] {
  const problems = shapeProblems(agentMessages.partial({ tools: true }), body);
  if (problems.length > 0) return problems;
  const { messages, tools = [], system = [] } = body as z.infer<typeof agentMessages>;
  const blocks = messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
  const idsOf = (type: string, key: 'id' | 'tool_use_id') =>
    blocks.filter((each) => each.type === type).map((each) => String(each[key]));
  return [
    ...pair(idsOf('tool_use', 'id'), idsOf('tool_result', 'tool_use_id')),
    ...checkCache({ tools, system: typeof system === 'string' ? [] : system }, blocks),
  ];
}

// OpenAI Responses

const agentResponses = z.looseObject({
  model: z.string().min(1),
  stream: z.boolean().optional(),
  input: z
    .array(
      z.union([
        z.looseObject({
          role: z.enum(['user', 'assistant', 'system', 'developer']),
          content: z.union([z.string(), z.array(z.looseObject({ type: z.string() })).min(1)]),
        }),
        z.looseObject({
          type: z.enum(['function_call_output', 'custom_tool_call_output']),
          call_id: z.string().min(1),
        }),
        z.looseObject({ type: z.literal('function_call'), call_id: z.string(), name: toolName, arguments: z.string() }),
        z.looseObject({ type: z.literal('custom_tool_call'), call_id: z.string(), name: toolName, input: z.string() }),
        z.looseObject({ type: z.enum(['reasoning', 'additional_tools', 'configuration_update', 'item_reference']) }),
      ]),
    )
    .min(1),
});

function checkResponses(body: unknown): readonly string[] {
  const problems = shapeProblems(agentResponses, body);
  if (problems.length > 0) return problems;
  const { input } = body as { input: readonly { type?: string; call_id?: string }[] };
  const idsOf = (...types: string[]) =>
    input.filter(({ type }) => types.includes(type ?? '')).map((item) => item.call_id ?? '');
  return pair(idsOf('function_call', 'custom_tool_call'), [
    ...new Set(idsOf('function_call_output', 'custom_tool_call_output')),
  ]);
}

// OpenAI Chat Completions

const agentChat = z.looseObject({
  model: z.string().min(1),
  stream: z.boolean().optional(),
  messages: z.array(z.looseObject({ role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']) })).min(1),
});

function checkChat(body: unknown): readonly string[] {
  const problems = shapeProblems(agentChat, body);
  if (problems.length > 0) return problems;
  const { messages } = body as { messages: readonly { tool_calls?: { id: string }[]; tool_call_id?: string }[] };
  const calls = messages.flatMap(({ tool_calls = [] }) => tool_calls.map(({ id }) => id));
  return pair(
    calls,
    messages.flatMap(({ tool_call_id: id }) => (id === undefined ? [] : [id])),
  );
}

// Google generateContent

const part = z.looseObject({
  text: z.string().optional(),
  functionCall: z.looseObject({ name: toolName }).optional(),
  functionResponse: z.looseObject({ name: toolName, response: z.looseObject({}) }).optional(),
});
const agentGemini = z.looseObject({
  contents: z.array(z.looseObject({ role: z.enum(['user', 'model']), parts: z.array(part).min(1) })).min(1),
  tools: z.array(z.looseObject({})).optional(),
});

function checkGemini(body: unknown): readonly string[] {
  const problems = shapeProblems(agentGemini, body);
  if (problems.length > 0) return problems;
  const parts = (body as z.infer<typeof agentGemini>).contents.flatMap((content) => content.parts);
  const namesOf = (key: 'functionCall' | 'functionResponse') => parts.flatMap((each) => each[key]?.name ?? []);
  const [calls, answers] = [namesOf('functionCall'), namesOf('functionResponse')];
  return calls.length === answers.length ? [] : [`${calls.length} calls have ${answers.length} results`];
}
