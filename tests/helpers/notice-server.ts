/** A local server in the place of a provider of notices: it keeps what it is sent, and answers as it is told. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface NoticeAnswer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface NoticeRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface NoticeServer {
  readonly url: string;
  readonly requests: readonly NoticeRequest[];
}

/** Gives the answers in their order, the last one from then on; `never` is no answer at all. */
export async function serveNotices(...answers: readonly (NoticeAnswer | 'never')[]): Promise<NoticeServer> {
  const requests: NoticeRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url: path, headers } = request;
    requests.push({ method, path, headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
    const answer = answers[Math.min(requests.length, answers.length) - 1] ?? { status: 200 };
    if (answer === 'never') return;
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}
