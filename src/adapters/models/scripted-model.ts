/**
 * A model that replays recorded replies from a JSON or YAML file, for demos and tests without a key.
 *
 * The file is a list of replies, or `{repeat: true, replies: [...]}` to begin again at its end. Each is what the model
 * says (`text`, `calls: [{name, arguments}]`) or a fault (`fault: {action, code}`).
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { ProviderError } from '../../core/base/errors.ts';
import { noUsage } from '../../core/base/model-usage.ts';
import type { FaultAction, FaultCode, Model, ModelFault, ModelReply, ToolCall } from '../../ports/model.ts';
import { readCall } from './classify-reply.ts';
import { aborted } from './faults.ts';

const faultCodes = [
  ...(['rate-limited', 'overloaded', 'server-error', 'connection', 'timed-out', 'invalid-body', 'aborted'] as const),
  ...(['quota-exhausted', 'spend-limit', 'unauthorized', 'not-found', 'bad-request', 'no-tools'] as const),
  ...(['truncated', 'refused', 'bad-arguments', 'context-overflow', 'empty'] as const),
  ...(['usd-ceiling', 'tokens-ceiling', 'script-ended'] as const),
] satisfies FaultCode[];

const count = z.number().nonnegative().default(0);

const callSchema = z.strictObject({
  id: z.string().optional(),
  name: z.string(),
  /** An object, or the very text that a model wrote. */
  arguments: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
});

const turnSchema = z.strictObject({
  text: z.string().default(''),
  calls: z.array(callSchema).default([]),
  usage: z
    .strictObject({ uncachedInput: count, cachedInput: count, cacheWrite: count, output: count })
    .default({ ...noUsage }),
  /** How long the model takes. */
  seconds: z.number().nonnegative().default(0),
});

const faultSchema = z.strictObject({
  fault: z.strictObject({
    action: z.enum(['wait', 'pause', 'repair', 'stop'] satisfies FaultAction[]),
    code: z.enum(faultCodes),
    message: z.string().default('A recorded fault.'),
    retryAfterSeconds: z.number().optional(),
  }),
});

const repliesSchema = z.array(z.union([faultSchema, turnSchema])).min(1);
const scriptSchema = z.union([
  repliesSchema.transform((replies) => ({ repeat: false, replies })),
  z.strictObject({ repeat: z.boolean().default(false), replies: repliesSchema }),
]);
type Turn = z.infer<typeof turnSchema>;

export interface ScriptedOptions {
  readonly path: string;
  /** How many replies an earlier session has used up. */
  readonly skip?: number;
}

export async function createScriptedModel({ path, skip = 0 }: ScriptedOptions): Promise<Model> {
  const { replies, repeat } = await readScript(path);
  let next = skip;
  return {
    name: `scripted:${path}`,
    complete: async (_request, signal) => {
      if (signal.aborted) return aborted;
      const reply = replies[repeat ? next % replies.length : next];
      if (reply === undefined) return ended(path, replies.length);
      next += 1;
      if ('fault' in reply) return { kind: 'fault', ...faultOf(reply.fault) };
      if (reply.seconds > 0) await sleep(reply.seconds * 1000, undefined, { signal }).catch(() => undefined);
      return signal.aborted ? aborted : answerOf(reply, next);
    },
  };
}

async function readScript(path: string): Promise<z.infer<typeof scriptSchema>> {
  let raw: unknown;
  try {
    raw = parse(await readFile(path, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new ProviderError(`The script ${path} cannot be read: ${why}`, { cause: error });
  }
  const script = scriptSchema.safeParse(raw);
  if (script.success) return script.data;
  throw new ProviderError(`The script ${path} must be a list of replies, each with text, calls or a fault`, {
    hint: z.prettifyError(script.error),
  });
}

function ended(path: string, replies: number): ModelFault {
  return {
    kind: 'fault',
    action: 'stop',
    code: 'script-ended',
    message: `${path} holds no reply after its ${replies}.`,
  };
}

function faultOf({ retryAfterSeconds, ...fault }: z.infer<typeof faultSchema>['fault']): Omit<ModelFault, 'kind'> {
  return { ...fault, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
}

function answerOf({ text, calls, usage }: Turn, reply: number): ModelReply {
  return {
    kind: 'answer',
    text,
    usage,
    model: 'scripted',
    calls: calls.map((call, index) => callOf(call, reply, index)),
  };
}

function callOf({ id, name, arguments: written }: Turn['calls'][number], reply: number, index: number): ToolCall {
  const rawArguments = typeof written === 'string' ? written : JSON.stringify(written);
  return readCall(id ?? `call-${reply}-${index + 1}`, name, rawArguments);
}
