/**
 * A language model, as researchers need it: one tool-calling shape for every provider.
 *
 * `complete` never rejects for what a provider or a network does: a fault is a value, sorted by what to do about it.
 * It makes one attempt and never retries; that is for the Model that wraps it. An aborted signal gives a `wait`
 * fault with the code `aborted`.
 */
import type { TokenUsage } from '../core/base/model-usage.ts';

export type { TokenUsage } from '../core/base/model-usage.ts';

/** What a model may call. `parameters` is a JSON Schema object. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** Parsed arguments; undefined when the model wrote something that is not a JSON object, then `rawArguments` has it. */
  readonly arguments: Readonly<Record<string, unknown>> | undefined;
  readonly rawArguments: string;
}

export interface ToolResult {
  readonly callId: string;
  readonly text: string;
  readonly isError: boolean;
}

/** The conversation. Training output and other foreign text only ever stand in `user` and `tool` messages. */
export type ModelMessage =
  /** `isPrefixEnd`: later requests will begin with the same bytes up to here, so the provider may cache them. */
  | { readonly role: 'user'; readonly text: string; readonly isPrefixEnd?: boolean }
  /** A reply of the same model, handed back as it came: `native` carries what only its adapter understands (reasoning). */
  | {
      readonly role: 'assistant';
      readonly text: string;
      readonly calls: readonly ToolCall[];
      readonly native?: unknown;
    }
  | { readonly role: 'tool'; readonly results: readonly ToolResult[] };

export interface ModelRequest {
  /** The stable prefix: identical from call to call within a study, so that providers can cache it. */
  readonly system: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ModelTool[];
  readonly maxOutputTokens: number;
}

export interface ModelAnswer {
  readonly kind: 'answer';
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly usage: TokenUsage;
  /** The model's own name for itself, as the reply says. */
  readonly model: string;
  /** To be handed back in the next request's assistant message. */
  readonly native?: unknown;
}

/**
 * What to do about a fault: wait and try again; pause until the owner or a reset ends it; ask differently, at most
 * twice; or end the study by its own rule, since a ceiling, or the end of a script, was reached before the call was
 * made.
 */
export type FaultAction = 'wait' | 'pause' | 'repair' | 'stop';

export type FaultCode =
  // wait
  | 'rate-limited'
  | 'overloaded'
  | 'server-error'
  | 'connection'
  | 'timed-out'
  | 'invalid-body'
  | 'aborted'
  // pause
  | 'quota-exhausted'
  | 'spend-limit'
  | 'unauthorized'
  | 'not-found'
  | 'bad-request'
  // repair
  | 'truncated'
  | 'refused'
  | 'bad-arguments'
  | 'context-overflow'
  | 'empty'
  // stop
  | 'usd-ceiling'
  | 'tokens-ceiling'
  | 'script-ended';

export interface ModelFault {
  readonly kind: 'fault';
  readonly action: FaultAction;
  readonly code: FaultCode;
  /** In one sentence, for the journal and the owner; never a key. */
  readonly message: string;
  /** When to ask again: what the provider said, or when a paused model is probed next. */
  readonly retryAfterSeconds?: number;
  /** Tokens that were billed all the same. */
  readonly usage?: TokenUsage;
}

export type ModelReply = ModelAnswer | ModelFault;

export interface Model {
  /** As the brief names it, such as `anthropic:claude-sonnet-5-5`. */
  readonly name: string;
  /** One attempt; resolves when the signal aborts, whatever the provider does, also while its reply is being read. */
  readonly complete: (request: ModelRequest, signal: AbortSignal) => Promise<ModelReply>;
}
