/**
 * What a refusal says of the tokens that a request may have: most servers name their window, the tokens that they counted
 * or the longest reply that they give.
 */

/** In tokens; each is undefined where the text does not say it. */
export interface SaidLimits {
  /** Input and reply together. */
  readonly context: number | undefined;
  /** What the server counted in the request. */
  readonly input: number | undefined;
  /** Of a reply. */
  readonly maxOutput: number | undefined;
}

const count = '(\\d[\\d,._]*)';

/** The first number that a pattern finds after its words. */
const patterns = (...texts: readonly string[]): readonly RegExp[] =>
  texts.map((text) => new RegExp(text.replaceAll('#', count), 'i'));

const contexts = patterns(
  // OpenAI, vLLM, OpenRouter: "This model's maximum context length is 16384 tokens." llama.cpp: "context size (4096 tokens)"
  'context (?:length|window|size)(?: is)?(?: only)?(?: of)?(?: only)? \\(?#',
  // Together, TGI: "`inputs` tokens + `max_new_tokens` must be <= 8193."
  'tokens`? \\+ `?max_new_tokens`? must be <= #',
  // Anthropic: "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000"
  'context limit: \\d+ \\+ \\d+ > #',
);

const inputs = patterns(
  'context limit: #',
  '(?<!at least )\\b# (?:input tokens|in the messages|of text input|tokens from the input|`inputs` tokens)',
  'prompt contains #',
);

const outputs = patterns(
  // OpenAI: "max_tokens is too large: 16000. This model supports at most 4096 completion tokens"
  'at most # (?:completion|output)',
  // DeepSeek, DashScope: "the valid range of max_tokens is [1, 8192]"
  'range of `?max_(?:completion_|output_)?tokens`?[^\\d]*\\[?\\d+, ?#',
  // groq, Cohere: "`max_completion_tokens` must be less than or equal to `8192`"
  'max[_ ](?:completion_|output_|new_)?tokens`?.{0,40}(?:less than or equal to|not exceed|<=|at most) *`?#',
  // Anthropic: "max_tokens: 16000 > 8192, which is the maximum allowed number of output tokens"
  'max_tokens: \\d+ > #',
  // OpenRouter: "You requested up to 16000 tokens, but can only afford 7900."
  'can only afford #',
);

// Gemini: "supported range is from 1 (inclusive) to 8193 (exclusive)"
const exclusive = patterns('tokens.{0,80}range is from \\d+ \\(inclusive\\) to # \\(exclusive\\)');

/** The limits in a refusal's words. */
export function readLimits(message: string): SaidLimits {
  const above = firstNumber(exclusive, message);
  return {
    context: firstNumber(contexts, message),
    input: firstNumber(inputs, message),
    maxOutput: firstNumber(outputs, message) ?? (above === undefined ? undefined : above - 1),
  };
}

function firstNumber(all: readonly RegExp[], text: string): number | undefined {
  for (const pattern of all) {
    const digits = pattern.exec(text)?.[1]?.replace(/\D/g, '');
    if (digits !== undefined && digits !== '' && digits.length < 10) return Number.parseInt(digits, 10);
  }
  return undefined;
}
