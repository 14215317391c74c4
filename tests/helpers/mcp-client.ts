/** The official client of the Model Context Protocol, connected to `nocturne mcp` as a coding agent starts it. */
import { type CallToolResult, Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { onTestFinished } from 'vitest';
import { nocturneCommand } from './program.ts';

/** What a tool answered. */
export interface Answered {
  readonly isError: boolean;
  /** Its texts in their order. */
  readonly texts: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: tests look into data of every tool.
  readonly data: any;
  readonly remarks: readonly string[];
}

export interface McpSession {
  readonly client: Client;
  readonly call: (name: string, input?: Readonly<Record<string, unknown>>) => Promise<Answered>;
  /** What the server has written to its standard error. */
  readonly said: () => string;
}

/** Connects over stdio; the server ends with the test. `mode` is the era of the protocol that the client begins with. */
export async function connect(
  folder: string,
  flags: readonly string[] = [],
  { variables = {}, mode = 'legacy' }: { variables?: Readonly<Record<string, string>>; mode?: 'legacy' | 'auto' } = {},
): Promise<McpSession> {
  const [command, program] = nocturneCommand;
  const { PATH = '', HOME = '' } = process.env;
  const env = {
    PATH,
    HOME,
    LC_ALL: 'C',
    GIT_CONFIG_GLOBAL: '/dev/null',
    XDG_CACHE_HOME: '/nowhere/cache',
    ...variables,
  };
  const transport = new StdioClientTransport({
    command,
    args: [program, 'mcp', ...flags],
    cwd: folder,
    env,
    stderr: 'pipe',
  });
  let said = '';
  transport.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  onTestFinished(() => client.close());
  await client.connect(transport);
  return { ...sessionOf(client), said: () => said };
}

/** The calls of a connected client. */
export function sessionOf(client: Client): Pick<McpSession, 'client' | 'call'> {
  return { client, call: async (name, input = {}) => answered(await client.callTool({ name, arguments: input })) };
}

function answered(result: CallToolResult): Answered {
  const texts = result.content.map((part) => (part.type === 'text' ? part.text : ''));
  const isError = result.isError === true;
  const { data, remarks = [] } = isError ? {} : JSON.parse(texts[0] ?? '');
  return { isError, texts, data, remarks };
}
