/**
 * Where each agent comes from, and how it is told the address of its provider.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface BenchedAgent {
  readonly name: string;
  /** Where it is installed from. */
  readonly from: { readonly npm: string } | { readonly pip: string };
  /** The variables that point it at the server; files that it needs are written into `folder`, not into HOME. */
  readonly point: (url: string, folder: string) => Readonly<Record<string, string>>;
}

const key = 'dummy-key-of-a-bench';

export const benchedAgents: readonly BenchedAgent[] = [
  {
    name: 'claude',
    from: { npm: '@anthropic-ai/claude-code' },
    point: (url) => ({ ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: url }),
  },
  {
    name: 'codex',
    from: { npm: '@openai/codex' },
    point: (url, folder) => {
      write(join(folder, 'codex', 'config.toml'), `openai_base_url = "${url}/v1"\n`);
      return { CODEX_API_KEY: key, CODEX_HOME: join(folder, 'codex') };
    },
  },
  {
    name: 'gemini',
    from: { npm: '@google/gemini-cli' },
    point: (url, folder) => {
      // With a base URL Gemini assumes that it is behind a gateway, unless its settings name an API key.
      const settings = { security: { auth: { selectedType: 'gemini-api-key' } } };
      write(join(folder, 'gemini', '.gemini', 'settings.json'), JSON.stringify(settings));
      return { GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: url, GEMINI_CLI_HOME: join(folder, 'gemini') };
    },
  },
  {
    name: 'opencode',
    from: { npm: 'opencode-ai' },
    point: (url, folder) => {
      const provider = { openai: { options: { baseURL: `${url}/v1` } } };
      write(join(folder, 'opencode', 'config.json'), JSON.stringify({ model: 'openai/gpt-6-sol', provider }));
      return { OPENAI_API_KEY: key, OPENCODE_CONFIG: join(folder, 'opencode', 'config.json') };
    },
  },
  {
    name: 'pi',
    from: { npm: '@earendil-works/pi-coding-agent' },
    point: (url, folder) => {
      const providers = { openai: { baseUrl: `${url}/v1` } };
      write(join(folder, 'pi', 'models.json'), JSON.stringify({ providers }));
      return { OPENAI_API_KEY: key, PI_CODING_AGENT_DIR: join(folder, 'pi') };
    },
  },
  {
    name: 'mini-swe-agent',
    from: { pip: 'mini-swe-agent' },
    point: (url) => ({ OPENAI_API_KEY: key, OPENAI_API_BASE: `${url}/v1`, MSWEA_MODEL_NAME: 'openai/gpt-5' }),
  },
  {
    name: 'aider',
    from: { pip: 'aider-chat' },
    point: (url) => ({ OPENAI_API_KEY: key, OPENAI_API_BASE: `${url}/v1`, AIDER_MODEL: 'openai/gpt-5' }),
  },
];

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
