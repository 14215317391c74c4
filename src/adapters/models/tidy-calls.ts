/**
 * Gives every answer calls that can be performed and handed back: names as the tools have them, ids that differ, and
 * calls that the model wrote into its text where it made none.
 */
import { randomBytes } from 'node:crypto';
import type { Model, ModelAnswer, ModelRequest, ToolCall } from '../../ports/model.ts';
import { readCallsInText } from './calls-in-text.ts';
import { readCall } from './classify-reply.ts';
import { ownToolName } from './own-tool-name.ts';

export interface TidyOptions {
  /** Whether what only the adapter understands may go back beside calls that it did not see. */
  readonly keepsNative: boolean;
}

/** The same model, its answers tidied. */
export function withTidyCalls(model: Model, { keepsNative }: TidyOptions): Model {
  return {
    name: model.name,
    complete: async (request, signal) => {
      const reply = await model.complete(request, signal);
      return reply.kind === 'answer' ? tidy(reply, request, keepsNative) : reply;
    },
  };
}

function tidy(answer: ModelAnswer, { tools }: ModelRequest, keepsNative: boolean): ModelAnswer {
  const names = tools.map(({ name }) => name);
  if (answer.calls.length > 0) return { ...answer, calls: answer.calls.map((call) => named(call, names)) };
  const written = readCallsInText(answer.text, names);
  if (written === undefined) return answer;
  const { native, ...rest } = answer;
  return {
    ...rest,
    text: written.text,
    calls: written.calls.map(({ name, rawArguments }) => readCall(newCallId(), name, rawArguments)),
    ...(keepsNative && native !== undefined && { native }),
  };
}

function named(call: ToolCall, names: readonly string[]): ToolCall {
  const name = ownToolName(call.name, names);
  return name === undefined || name === call.name ? call : { ...call, name };
}

/** An id for a call that has none: nine letters and digits, since Mistral's API and templates take no other. */
export function newCallId(): string {
  return randomBytes(5).toString('hex').slice(0, 9);
}
