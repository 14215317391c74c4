/**
 * How each agent is told the address of its provider.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface BenchedAgent {
  readonly name: string;
  readonly npmName: string;
  /** The variables that point it at the server; files that it needs are written into `folder`, not into HOME. */
  readonly point: (url: string, folder: string) => Readonly<Record<string, string>>;
}

const key = 'dummy-key-of-a-bench';

export const benchedAgents: readonly BenchedAgent[] = [
  {
    name: 'claude',
    npmName: '@anthropic-ai/claude-code',
    point: (url) => ({ ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: url }),
  },
  {
    name: 'codex',
    npmName: '@openai/codex',
    point: (url, folder) => {
      write(join(folder, 'codex', 'config.toml'), `openai_base_url = "${url}/v1"\n`);
      return { CODEX_API_KEY: key, CODEX_HOME: join(folder, 'codex') };
    },
  },
  {
    name: 'gemini',
    npmName: '@google/gemini-cli',
    point: (url, folder) => {
      // With a base URL Gemini assumes that it is behind a gateway, unless its settings name an API key.
      const settings = { security: { auth: { selectedType: 'gemini-api-key' } } };
      write(join(folder, 'gemini', '.gemini', 'settings.json'), JSON.stringify(settings));
      return { GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: url, GEMINI_CLI_HOME: join(folder, 'gemini') };
    },
  },
  {
    name: 'opencode',
    npmName: 'opencode-ai',
    point: (url, folder) => {
      const provider = { openai: { options: { baseURL: `${url}/v1` } } };
      write(join(folder, 'opencode', 'config.json'), JSON.stringify({ model: 'openai/gpt-6-sol', provider }));
      return { OPENAI_API_KEY: key, OPENCODE_CONFIG: join(folder, 'opencode', 'config.json') };
    },
  },
];

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
