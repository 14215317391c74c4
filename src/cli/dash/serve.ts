/**
 * Starts the dashboard's server on a port.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { hostInUrl, isLoopback } from '../../adapters/loopback.ts';
import { packagePath } from '../../adapters/package-root.ts';
import { SettingsError } from '../../core/base/errors.ts';
import { createApp } from './app.ts';
import type { Keys } from './guard.ts';
import { openLiveStudies } from './live-studies.ts';

export interface ServeOptions {
  /** Absolute `runs/`. */
  readonly runs: string;
  /** The tag of the study that is shown first. */
  readonly first: string;
  readonly host: string;
  /** 0 is any free port. */
  readonly port: number;
  /** Whether the token is needed on this machine too. */
  readonly isTokenNeeded: boolean;
}

export interface Serving {
  /** The address to open, with the token where it is needed. */
  readonly url: string;
  /** The same with the token, for whoever comes by another name than this machine's own. */
  readonly urlWithToken: string;
  readonly close: () => Promise<void>;
}

/** Serves until it is closed. Throws a SettingsError that says why it cannot. */
export async function serveDash({ runs, first, host, port, isTokenNeeded }: ServeOptions): Promise<Serving> {
  const keys: Keys = {
    token: randomBytes(18).toString('base64url'),
    secret: randomBytes(18).toString('base64url'),
    isTokenNeeded: isTokenNeeded || !isLoopback(host),
  };
  const end = new AbortController();
  const app = createApp({
    studies: openLiveStudies(runs),
    first,
    keys,
    server: randomBytes(6).toString('base64url'),
    script: readScript(),
    signal: end.signal,
  });
  const server = createAdaptorServer({ fetch: app.fetch });
  server.listen(port, host);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => refuse(error, host, port));
  const { port: own } = server.address() as AddressInfo;
  const base = `http://${hostInUrl(host)}:${own}/`;
  const urlWithToken = `${base}?token=${keys.token}`;
  return {
    url: keys.isTokenNeeded ? urlWithToken : base,
    urlWithToken,
    close: async () => {
      end.abort();
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
    },
  };
}

function refuse(error: NodeJS.ErrnoException, host: string, port: number): never {
  const isTaken = error.code === 'EADDRINUSE';
  const why = isTaken ? 'another program has it' : error.message;
  throw new SettingsError(`The dashboard cannot listen on port ${port} of ${host}: ${why}.`, {
    hint: isTaken
      ? 'Name another with --port; --port 0 takes any that is free.'
      : 'Name an address of this machine with --host, and a port from 1024 on with --port.',
    cause: error,
  });
}

function readScript(): string {
  try {
    return readFileSync(packagePath('dist', 'web', 'browser', 'dash.js'), 'utf8').trim();
  } catch (cause) {
    throw new SettingsError("The dashboard's script is not built.", { hint: 'Run `npm run build`.', cause });
  }
}
