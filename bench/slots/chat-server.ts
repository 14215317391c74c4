/**
 * The model of OpenEvolve: a Chat Completions server that takes a given time and answers with a program.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';

export interface ChatServer {
  readonly url: string;
  readonly close: () => void;
}

/** Starts the server, on this machine; `textOf` gives its answer number N. */
export async function startChatServer(seconds: number, textOf: (number: number) => string): Promise<ChatServer> {
  let count = 0;
  const server = createServer(async (request, response) => {
    count += 1;
    const content = textOf(count);
    request.resume();
    await setTimeout(seconds * 1000);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        id: `chatcmpl-${count}`,
        object: 'chat.completion',
        created: 0,
        model: 'scripted',
        choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
        usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
