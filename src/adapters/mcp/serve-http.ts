/**
 * Serves the protocol as streamable HTTP at `/mcp`.
 *
 * A page in the owner's browser must not reach it: requests that name another host, or come from another origin, are
 * refused. Where a token is given, requests without it are too.
 */
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  originValidationResponse,
} from '@modelcontextprotocol/server';
import { SettingsError } from '../../core/base/errors.ts';
import { hostInUrl } from '../loopback.ts';
import { isSameSecret } from '../same-secret.ts';
import type { McpServerFactory } from './mcp-server.ts';

export interface HttpOptions {
  /** 0 for any that is free. */
  readonly port: number;
  readonly host: string;
  /** What a client must send as `Authorization: Bearer …`; undefined where anyone on this machine may ask. */
  readonly token: string | undefined;
  readonly onTrouble: (text: string) => void;
}

export interface HttpServing {
  /** Where it listens, such as `http://127.0.0.1:8765/mcp`. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The path under which clients find it. */
const path = '/mcp';

/** Serves until it is closed. A SettingsError where the port cannot be listened on. */
export async function serveOnHttp(factory: McpServerFactory, options: HttpOptions): Promise<HttpServing> {
  const { port, host, token, onTrouble } = options;
  const handler = createMcpHandler(factory, { onerror: ({ message }) => onTrouble(message) });
  const allowed = [...localhostAllowedHostnames(), hostInUrl(host)];
  const isAny = isAnyAddress(host);
  const fetch = async (request: Request): Promise<Response> => {
    // Under which names a machine is known that listens on all its addresses, only its owner knows; the token is asked for there.
    const refused =
      (isAny ? undefined : hostHeaderValidationResponse(request, allowed)) ??
      originValidationResponse(request, allowed);
    if (refused) return refused;
    if (new URL(request.url).pathname !== path) return new Response('Not found\n', { status: 404 });
    if (token !== undefined && !hasToken(request, token)) return unauthorised();
    return handler.fetch(request);
  };
  const server = createServer(getRequestListener(fetch));
  const found = await listen(server, port, host);
  return {
    url: `http://${hostInUrl(host)}:${found}${path}`,
    close: async () => {
      await handler.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function isAnyAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

function hasToken(request: Request, token: string): boolean {
  const [scheme = '', given = ''] = (request.headers.get('authorization') ?? '').split(' ');
  return scheme.toLowerCase() === 'bearer' && isSameSecret(given, token);
}

function unauthorised(): Response {
  const headers = { 'WWW-Authenticate': 'Bearer' };
  return new Response('This server asks for a token: send it as `Authorization: Bearer TOKEN`.\n', {
    status: 401,
    headers,
  });
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  }).catch((cause: NodeJS.ErrnoException) => {
    const found = cause.code === 'EADDRINUSE' ? 'another program listens there' : cause.message;
    throw new SettingsError(`Port ${port} of ${host} cannot be listened on: ${found}.`, {
      hint: 'Choose another --http PORT, or 0 for any that is free.',
      cause,
    });
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}
