/**
 * Serves the protocol over standard input and output, of which nothing else may write to the output.
 */
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import type { McpServerFactory } from './mcp-server.ts';

/** Serves until the client closes its end; `onTrouble` hears of messages that cannot be read. */
export async function serveOnStdio(factory: McpServerFactory, onTrouble: (text: string) => void): Promise<void> {
  const transport = new StdioServerTransport();
  const closed = new Promise<void>((resolve) => {
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
  });
  const handle = serveStdio(factory, { transport, onerror: ({ message }) => onTrouble(message) });
  await closed;
  await handle.close();
}
