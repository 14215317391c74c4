/**
 * Models and servers that cannot call tools, by their own words, and what to set.
 *
 * Nocturne works through calls alone, so that no other request to them can succeed.
 */

interface NoTools {
  readonly words: RegExp;
  readonly remedy: string;
}

const another = 'Choose a model that can call tools.';

const rows: readonly NoTools[] = [
  {
    // vLLM, also in `vllm serve` of 0.20
    words: /requires --enable-auto-tool-choice|--tool-call-parser/i,
    remedy:
      'Start vLLM with --enable-auto-tool-choice and --tool-call-parser (hermes, llama3_json, mistral, qwen3_coder and others).',
  },
  // llama.cpp; before it had templates: "Unsupported param: tools" (ggml-org/llama.cpp#10920)
  {
    words: /requires? --jinja|--jinja flag|unsupported param(eter)?: ?['"`]?tools\b/i,
    remedy: 'Start llama-server with --jinja.',
  },
  {
    // Ollama: "registry.ollama.ai/library/gemma3:4b does not support tools"
    words: /does not support tools/i,
    remedy: 'Choose a model for which `ollama show` lists the capability `tools`.',
  },
  {
    words: /no endpoints found that support tool use/i,
    remedy: 'Choose a model that openrouter.ai/models lists for `tools`.',
  },
  // groq, Together, Mistral, Gemini's endpoint for Gemma
  {
    words:
      /(tool|function)[ _-]?(use|call(s|ing)?|choice)?\b(?!\.\d).{0,40}\b(not|isn't) (currently )?(supported|enabled|available|implemented|allowed)/i,
    remedy: another,
  },
  { words: /(not|n't) support.{0,30}\b(tools?|functions?)\b(?!\.\d)/i, remedy: another },
  // A server that checks by pydantic's rules and has no tools: "tools: Extra inputs are not permitted"
  { words: /(^|[\s:'"`])tools['"`]?: .{0,20}(extra (inputs|fields)|not permitted)/i, remedy: another },
];

/** What to set, where a refusal says that no tools can be called; undefined for other words. */
export function toolsRemedy(words: readonly string[]): string | undefined {
  return rows.find((row) => words.some((said) => row.words.test(said)))?.remedy;
}

/** The words of all rows, for the table of faults. */
export const noToolsWords = new RegExp(rows.map(({ words }) => words.source).join('|'), 'i');
