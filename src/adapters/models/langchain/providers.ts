/**
 * The providers that LangChain reaches, as data: which package, where the key is, and the names of their
 * constructors' options.
 */

export interface LangChainProvider {
  readonly package: string;
  /** The first one that is set holds the key; empty when the package finds credentials by itself. */
  readonly keyVariables: readonly string[];
  /** The constructor's name for the limit on a reply's tokens. */
  readonly limit: 'maxTokens' | 'maxCompletionTokens' | 'maxOutputTokens' | 'numPredict';
  /** The constructor's name for the reasoning effort, an object; undefined when it takes none. */
  readonly effort?: 'reasoning';
  /** The constructor's name for the address; undefined when it takes none. */
  readonly address?:
    | 'baseUrl'
    | 'baseURL'
    | 'configuration'
    | 'serverURL'
    | 'anthropicApiUrl'
    | 'endpoint'
    | 'azureOpenAIEndpoint';
  /** The variable that may hold the address, where the brief gives none; undefined when there is none. */
  readonly addressVariable?: string;
}

const entry = (
  packageName: string,
  keyVariable: string | undefined,
  address?: LangChainProvider['address'],
  limit: LangChainProvider['limit'] = 'maxTokens',
): LangChainProvider => ({
  package: `@langchain/${packageName}`,
  keyVariables: keyVariable === undefined ? [] : [keyVariable],
  limit,
  ...(address !== undefined && { address }),
  ...(keyVariable !== undefined && { addressVariable: keyVariable.replace(/_API_KEY$/, '_BASE_URL') }),
});

/**
 * Each row's option for the address was tried with the package of November 2026: with it, only that address is spoken
 * to. Cohere's, Cerebras's, Google Vertex's and Bedrock's packages take none, so `base_url` is refused for these.
 */
export const langChainProviders: Readonly<Record<string, LangChainProvider>> = {
  openai: { ...entry('openai', 'OPENAI_API_KEY', 'configuration', 'maxCompletionTokens'), effort: 'reasoning' },
  anthropic: entry('anthropic', 'ANTHROPIC_API_KEY', 'anthropicApiUrl'),
  azure_openai: {
    ...entry('openai', 'AZURE_OPENAI_API_KEY', 'azureOpenAIEndpoint', 'maxCompletionTokens'),
    effort: 'reasoning',
  },
  cohere: entry('cohere', 'COHERE_API_KEY'),
  google: entry('google', 'GOOGLE_API_KEY', 'endpoint', 'maxOutputTokens'),
  'google-genai': entry('google-genai', 'GOOGLE_API_KEY', 'baseUrl', 'maxOutputTokens'),
  'google-vertexai': entry('google-vertexai', undefined, undefined, 'maxOutputTokens'),
  'google-vertexai-web': entry('google-vertexai-web', undefined, undefined, 'maxOutputTokens'),
  ollama: { ...entry('ollama', undefined, 'baseUrl', 'numPredict'), addressVariable: 'OLLAMA_BASE_URL' },
  mistralai: entry('mistralai', 'MISTRAL_API_KEY', 'serverURL'),
  mistral: entry('mistralai', 'MISTRAL_API_KEY', 'serverURL'),
  groq: entry('groq', 'GROQ_API_KEY', 'baseUrl'),
  bedrock: entry('aws', undefined),
  aws: entry('aws', undefined),
  deepseek: entry('deepseek', 'DEEPSEEK_API_KEY', 'configuration'),
  xai: entry('xai', 'XAI_API_KEY', 'baseURL'),
  cerebras: entry('cerebras', 'CEREBRAS_API_KEY'),
};
