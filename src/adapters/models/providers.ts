/**
 * The providers that are called directly, as data. Every other name goes to LangChain.
 */

export type OpenAIApi = 'responses' | 'chat';

export interface Provider {
  readonly wire: 'openai' | 'anthropic';
  /** The first one that is set holds the key. */
  readonly keyVariables: readonly string[];
  /** False for servers on the owner's machine, which accept any key. */
  readonly isKeyNeeded: boolean;
  /** Where the key is found, for a provider that does not show it. */
  readonly keyHint?: string;
  readonly baseUrl?: string;
  readonly baseUrlVariable: string;
  /** Appended to the address in that variable. */
  readonly baseUrlSuffix?: string;
  readonly api?: OpenAIApi;
}

export const providers: Readonly<Record<string, Provider>> = {
  openai: {
    wire: 'openai',
    keyVariables: ['OPENAI_API_KEY'],
    isKeyNeeded: true,
    baseUrl: 'https://api.openai.com/v1',
    baseUrlVariable: 'OPENAI_BASE_URL',
  },
  anthropic: {
    wire: 'anthropic',
    keyVariables: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'],
    isKeyNeeded: true,
    baseUrl: 'https://api.anthropic.com',
    baseUrlVariable: 'ANTHROPIC_BASE_URL',
  },
  ollama: {
    wire: 'openai',
    keyVariables: ['OLLAMA_API_KEY'],
    isKeyNeeded: false,
    baseUrl: 'http://localhost:11434/v1',
    baseUrlVariable: 'OLLAMA_BASE_URL',
    api: 'chat',
  },
  vllm: {
    wire: 'openai',
    keyVariables: ['VLLM_API_KEY'],
    isKeyNeeded: false,
    baseUrl: 'http://localhost:8000/v1',
    baseUrlVariable: 'VLLM_BASE_URL',
    api: 'chat',
  },
  lmstudio: {
    wire: 'openai',
    keyVariables: ['LMSTUDIO_API_KEY'],
    isKeyNeeded: false,
    baseUrl: 'http://localhost:1234/v1',
    baseUrlVariable: 'LMSTUDIO_BASE_URL',
    api: 'chat',
  },
  openrouter: {
    wire: 'openai',
    keyVariables: ['OPENROUTER_API_KEY'],
    isKeyNeeded: true,
    baseUrl: 'https://openrouter.ai/api/v1',
    baseUrlVariable: 'OPENROUTER_BASE_URL',
    api: 'chat',
  },
  /** The models that a Colab runtime offers on its own proxy. Its address is set there; the key is one of the user's secrets. */
  colab: {
    wire: 'openai',
    keyVariables: ['MODEL_PROXY_API_KEY'],
    isKeyNeeded: true,
    baseUrlVariable: 'MODEL_PROXY_HOST',
    baseUrlSuffix: '/models/openapi',
    api: 'chat',
    keyHint:
      'In a cell of Colab: os.environ["MODEL_PROXY_API_KEY"] = google.colab.userdata.get("MODEL_PROXY_API_KEY"); google.colab.ai.list_models() lists the models.',
  },
};
