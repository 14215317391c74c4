/**
 * Asks for replies that fit: into the model's window beside the request, and under the longest reply that it gives.
 *
 * Windows are known from the brief, the list of models or the server; what is not known is learned from a refusal that
 * says it, after which the call is made once more with what fits. Where a server reads less than it was sent, as Ollama
 * does without a word, that is told once.
 */
import { inputTokensOf } from '../../core/base/model-usage.ts';
import type { Model, ModelReply, ModelRequest } from '../../ports/model.ts';
import { readLimits } from './read-limits.ts';
import type { Window } from './server-window.ts';

export interface FittingOptions {
  /** What the owner or the list of models says; it counts before what the server says. */
  readonly known: Window;
  /** Asks the server, before the first call. */
  readonly ask?: ((signal: AbortSignal) => Promise<Window>) | undefined;
  readonly isOllama: boolean;
  /** Told of a server that reads less than it was sent; must not throw. */
  readonly tell?: ((line: string) => void) | undefined;
}

/** No reply is asked for that could have fewer tokens; what then does not fit is for the server to say. */
const minReplyTokens = 512;
/** Tokens in a byte of a request, until a reply has told; higher than text and code have. */
const initialTokensPerByte = 0.4;
/** Tokens that templates add beside what is counted in bytes. */
const margin = 64;
/** Repeated calls for one request: one for the reply's own limit, one for the window. */
const maxRetries = 2;

export function createFittingModel(model: Model, { known, ask, isOllama, tell }: FittingOptions): Model {
  const learned: { context?: number | undefined; maxOutput?: number | undefined } = {};
  let asked: Promise<Window> | undefined;
  let tokensPerByte = initialTokensPerByte;
  const watch = watchWindow(isOllama, tell);

  const windowFor = async (signal: AbortSignal): Promise<Window> => {
    if (known.context === undefined) asked ??= ask?.(signal);
    const server = await asked;
    return {
      context: least(learned.context, known.context ?? server?.context),
      maxOutput: least(learned.maxOutput, known.maxOutput ?? server?.maxOutput),
    };
  };

  const limitFor = ({ maxOutputTokens }: ModelRequest, { context, maxOutput }: Window, bytes: number): number => {
    const left = context === undefined ? undefined : context - Math.ceil(bytes * tokensPerByte) - margin;
    const fits = left === undefined ? maxOutputTokens : Math.max(minReplyTokens, left);
    return Math.min(maxOutputTokens, fits, maxOutput ?? maxOutputTokens);
  };

  /** Remembers what a refusal says; whether a request with less may be taken. */
  const learn = (reply: ModelReply, tried: number, bytes: number): boolean => {
    if (reply.kind === 'answer' || !['context-overflow', 'bad-request', 'quota-exhausted'].includes(reply.code))
      return false;
    const { context, input, maxOutput } = readLimits(reply.message);
    if (maxOutput !== undefined && maxOutput < tried && maxOutput >= minReplyTokens) {
      learned.maxOutput = maxOutput;
      return true;
    }
    if (context === undefined) return false;
    learned.context = context;
    if (input !== undefined)
      tokensPerByte = Math.max(input / bytes, tokensPerByte === initialTokensPerByte ? 0 : tokensPerByte);
    return context - Math.ceil(bytes * tokensPerByte) - margin >= minReplyTokens;
  };

  return {
    name: model.name,
    complete: async (request, signal) => {
      const bytes = sizeOf(request);
      for (let retries = 0; ; retries += 1) {
        const maxOutputTokens = limitFor(request, await windowFor(signal), bytes);
        const reply = await model.complete({ ...request, maxOutputTokens }, signal);
        if (reply.usage !== undefined) {
          const input = inputTokensOf(reply.usage);
          if (input > 0)
            tokensPerByte = Math.max(
              tokensPerByte === initialTokensPerByte ? 0 : tokensPerByte,
              (input / bytes) * 1.05,
            );
          watch(bytes, input);
        }
        if (retries >= maxRetries || !learn(reply, maxOutputTokens, bytes)) return reply;
        if (limitFor(request, await windowFor(signal), bytes) >= maxOutputTokens) return reply;
      }
    },
  };
}

/** No tokenizer makes so few tokens of text, code and JSON: the lowest that was measured is 3 bytes in one. */
const maxBytesPerToken = 6.5;
/** Requests below this fit every window. */
const minBytes = 8000;

/** Tells once of input tokens that are far fewer than what was sent, or that stay the same while requests grow. */
function watchWindow(isOllama: boolean, tell: ((line: string) => void) | undefined) {
  let isTold = false;
  let most = { bytes: 0, input: 0 };
  return (bytes: number, input: number): void => {
    if (isTold || input === 0 || bytes < minBytes) return;
    const isCut = bytes > 1.2 * most.bytes && most.input > 0 && input <= 1.02 * most.input;
    if (input > most.input) most = { bytes, input };
    if (bytes / input <= maxBytesPerToken && !(isOllama && isCut)) return;
    isTold = true;
    tell?.(
      `The server counted ${input} tokens in a request of ${bytes} characters: it reads only a part of what it is sent, ` +
        `because its window is too small. ${isOllama ? ollamaHint : 'Give the model a larger window.'}`,
    );
  };
}

const ollamaHint =
  'Start Ollama with OLLAMA_CONTEXT_LENGTH=32768 in its environment (or set num_ctx in the model), and look at `ollama ps`.';

function sizeOf({ system, messages, tools }: ModelRequest): number {
  const said = messages.map((message) => {
    if (message.role === 'tool') return message.results.map(({ text }) => text);
    return message.role === 'user' ? message.text : [message.text, message.calls.map((call) => call.rawArguments)];
  });
  return Buffer.byteLength(JSON.stringify([system, said, tools]));
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
