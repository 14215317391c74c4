/**
 * The providers that are called directly, as data. Every other name goes to LangChain.
 */

import type { Dialect } from './openai/dialect.ts';

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
  /** What is known of its chat server beforehand; the rest is learned from its refusals. */
  readonly dialect?: Partial<Dialect>;
}

/** A service that speaks Chat Completions under its own key; docs/models.md names the page that says so. */
function service(baseUrl: string, keyVariables: readonly string[], dialect: Partial<Dialect> = {}): Provider {
  const [variable = ''] = keyVariables;
  return {
    wire: 'openai',
    keyVariables,
    isKeyNeeded: true,
    baseUrl,
    baseUrlVariable: variable.replace(/(_API_KEY|_TOKEN)$/, '_BASE_URL'),
    api: 'chat',
    dialect,
  };
}

/** A server on the owner's machine, which accepts any key. */
function localServer(baseUrl: string, name: string): Provider {
  return { ...service(baseUrl, [`${name}_API_KEY`]), isKeyNeeded: false };
}

export const providers: Readonly<Record<string, Provider>> = {
  openai: {
    wire: 'openai',
    keyVariables: ['OPENAI_API_KEY'],
    isKeyNeeded: true,
    baseUrl: 'https://api.openai.com/v1',
    baseUrlVariable: 'OPENAI_BASE_URL',
    // OpenAI's models that reason refuse `max_tokens`, behind a gateway too.
    dialect: { limit: 'max_completion_tokens' },
  },
  anthropic: {
    wire: 'anthropic',
    keyVariables: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'],
    isKeyNeeded: true,
    baseUrl: 'https://api.anthropic.com',
    baseUrlVariable: 'ANTHROPIC_BASE_URL',
  },
  ollama: localServer('http://localhost:11434/v1', 'OLLAMA'),
  vllm: localServer('http://localhost:8000/v1', 'VLLM'),
  lmstudio: localServer('http://localhost:1234/v1', 'LMSTUDIO'),
  llamacpp: localServer('http://localhost:8080/v1', 'LLAMACPP'),
  sglang: localServer('http://localhost:30000/v1', 'SGLANG'),
  openrouter: service('https://openrouter.ai/api/v1', ['OPENROUTER_API_KEY'], { effort: 'reasoning' }),
  deepseek: service('https://api.deepseek.com', ['DEEPSEEK_API_KEY'], { reasoning: 'always' }),
  moonshot: service('https://api.moonshot.ai/v1', ['MOONSHOT_API_KEY', 'KIMI_API_KEY'], { reasoning: 'always' }),
  kimi: service('https://api.moonshot.ai/v1', ['KIMI_API_KEY', 'MOONSHOT_API_KEY'], { reasoning: 'always' }),
  mistral: service('https://api.mistral.ai/v1', ['MISTRAL_API_KEY'], { asksUsage: false }),
  groq: service('https://api.groq.com/openai/v1', ['GROQ_API_KEY'], { limit: 'max_completion_tokens' }),
  xai: service('https://api.x.ai/v1', ['XAI_API_KEY'], { limit: 'max_completion_tokens' }),
  together: service('https://api.together.ai/v1', ['TOGETHER_API_KEY', 'TOGETHER_AI_API_KEY']),
  fireworks: service('https://api.fireworks.ai/inference/v1', ['FIREWORKS_API_KEY']),
  cerebras: service('https://api.cerebras.ai/v1', ['CEREBRAS_API_KEY'], { limit: 'max_completion_tokens' }),
  gemini: service('https://generativelanguage.googleapis.com/v1beta/openai', ['GEMINI_API_KEY', 'GOOGLE_API_KEY']),
  zai: service('https://api.z.ai/api/paas/v4', ['ZAI_API_KEY']),
  qwen: service('https://dashscope-intl.aliyuncs.com/compatible-mode/v1', ['DASHSCOPE_API_KEY']),
  nvidia: service('https://integrate.api.nvidia.com/v1', ['NVIDIA_API_KEY']),
  huggingface: service('https://router.huggingface.co/v1', ['HF_TOKEN']),
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
