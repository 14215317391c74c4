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
  /** Told what has come of the reply while it comes, first when its first part is there; must not throw. */
  readonly onProgress?: (progress: ReplyProgress) => void;
  /** Told of each attempt that used tokens, also of those that failed and were repeated; must not throw. */
  readonly onBilled?: (attempt: BilledAttempt) => void;
}

/** A reply that is still coming, or was cut off. */
export interface ReplyProgress {
  /** Bytes of text, arguments and visible reasoning so far. */
  readonly bytes: number;
  /** What the provider has announced of its usage, such as the input tokens in Anthropic's first event. */
  readonly usage?: TokenUsage;
}

/** What one attempt used. */
export interface BilledAttempt {
  /** The model's own name for itself where the reply says it. */
  readonly model: string;
  readonly outcome: 'answer' | FaultCode;
  readonly usage: TokenUsage;
  /** The provider did not report the usage, or not all of it, so it was estimated from the bytes sent and received. */
  readonly isEstimated: boolean;
  /** In US dollars; undefined when neither provider nor price list says it. */
  readonly usd: number | undefined;
}

export interface ModelAnswer {
  readonly kind: 'answer';
  readonly text: string;
  readonly calls: readonly ToolCall[];
  /** Absent when the provider reported none. */
  readonly usage?: TokenUsage;
  /** What the provider itself says that the call cost, in US dollars. */
  readonly usd?: number;
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
  | 'no-tools'
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
  /** What the provider says that these cost, in US dollars. */
  readonly usd?: number;
}

export type ModelReply = ModelAnswer | ModelFault;

export interface Model {
  /** As the brief names it, such as `anthropic:claude-sonnet-5-5`. */
  readonly name: string;
  /** One attempt; resolves when the signal aborts, whatever the provider does, also while its reply is being read. */
  readonly complete: (request: ModelRequest, signal: AbortSignal) => Promise<ModelReply>;
}
