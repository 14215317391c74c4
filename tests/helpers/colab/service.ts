/**
 * A stand-in for the Colab service on loopback: the few endpoints that google-colab-cli 0.7.5 calls, and a real Jupyter
 * server behind each machine. The CLI is not changed: HTTPS_PROXY leads its connections here, and REQUESTS_CA_BUNDLE and its
 * kin name the certificate. Its sign-in is a token.json as it would have written it, with a token that does not expire.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { makeCertificate } from './certificate.ts';
import { type ColabMachine, startMachine } from './machine.ts';

/** How a request for a machine is refused: by 412, by 400 or, as the service says that usage time is over, by 503. */
export type Refusal = 'too-many' | 'no-accelerator' | 'usage-time';

export interface ColabService {
  /** What the CLI needs in its environment to be led here. */
  readonly env: Readonly<Record<string, string>>;
  /** The machines that are allocated now. */
  readonly machines: () => readonly ColabMachine[];
  /** All that was asked so far, such as `POST /tun/m/assign T4`. */
  readonly asked: readonly string[];
  /** From now on every request for a machine is refused so; undefined ends that. */
  readonly refuse: (how: Refusal | undefined) => void;
  /** Takes a machine away, with all that runs on it. */
  readonly reclaim: (machine: ColabMachine) => void;
  /** From now on nothing answers; false ends that. */
  readonly fallSilent: (isSilent: boolean) => void;
  /** Ends all machines and the service. */
  readonly close: () => Promise<void>;
}

const colabHost = 'colab.research.google.com';
const machineHosts = 'prod.colab.dev';
const token = 'stand-in-token';

interface Assignment {
  readonly machine: ColabMachine;
  readonly accelerator: string;
  readonly variant: number;
  readonly notebook: string;
}

/** Starts the service; `python` has jupyter-server and ipykernel. */
export async function startColabService(python: string, folder: string): Promise<ColabService> {
  const home = join(folder, 'home');
  mkdirSync(join(home, '.config', 'colab-cli'), { recursive: true });
  writeFileSync(join(home, '.config', 'colab-cli', 'token.json'), signIn());
  const certificate = makeCertificate(folder, [colabHost, 'pypi.org', `*.${machineHosts}`]);
  const assignments = new Map<string, Assignment>();
  const asked: string[] = [];
  let refusal: Refusal | undefined;
  let isSilent = false;

  const inner = createServer((asking, answer) => {
    void answerTo(asking, answer).catch((error) => answer.writeHead(500).end(String(error)));
  });
  inner.on('upgrade', (asking, socket, head) => {
    const found = machineOf(asking);
    if (!found) return socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
    tunnel(asking, socket, head, found.machine.port);
  });

  async function answerTo(asking: IncomingMessage, answer: ServerResponse): Promise<void> {
    const url = new URL(asking.url ?? '', 'https://host');
    if (asking.headers.host === 'pypi.org') return void answer.writeHead(200).end('{"info":{"version":"99.0.0"}}');
    if (asking.headers.host !== colabHost) return passOn(asking, answer);
    asked.push([asking.method, url.pathname, url.searchParams.get('accelerator') ?? ''].join(' ').trim());
    if (asking.headers.authorization !== `Bearer ${token}`) return void answer.writeHead(401).end();
    const [, , , what, endpoint = ''] = url.pathname.split('/');
    if (what === 'ccu-info')
      return json(answer, {
        currentBalance: 87.5,
        consumptionRateHourly: assignments.size * 1.76,
        assignmentsCount: assignments.size,
      });
    if (what === 'assignments') return json(answer, { assignments: [...assignments.values()].map(listed) });
    if (what === 'assign') return assign(asking, url, answer);
    if (what === 'unassign') return unassign(asking, endpoint, answer);
    answer.writeHead(404).end();
  }

  async function assign(asking: IncomingMessage, url: URL, answer: ServerResponse): Promise<void> {
    const notebook = url.searchParams.get('nbh') ?? '';
    const accelerator = url.searchParams.get('accelerator') ?? 'NONE';
    const held = [...assignments.values()].find((each) => each.notebook === notebook);
    if (held) return json(answer, listed(held));
    if (asking.method === 'GET')
      return json(answer, { acc: accelerator, nbh: notebook, token: 'xsrf', variant: url.searchParams.get('variant') });
    if (refusal) return refuseBy(refusal, answer);
    const endpoint = `gpu-${accelerator.toLowerCase()}-s-${randomUUID().slice(0, 8)}`;
    const machine = await startMachine(python, endpoint, join(folder, endpoint));
    const variant = accelerator === 'NONE' ? 0 : 1;
    assignments.set(endpoint, { machine, accelerator, variant, notebook });
    json(answer, listed({ machine, accelerator, variant, notebook }));
  }

  function unassign(asking: IncomingMessage, endpoint: string, answer: ServerResponse): void {
    const found = assignments.get(endpoint);
    if (asking.method === 'GET') json(answer, { token: 'xsrf' });
    else if (!found) answer.writeHead(404).end();
    else {
      assignments.delete(endpoint);
      found.machine.vanish();
      json(answer, {});
    }
  }

  function machineOf(asking: IncomingMessage): Assignment | undefined {
    const url = new URL(asking.url ?? '', 'https://host');
    const [first = ''] = (asking.headers.host ?? '').split('.');
    const found = assignments.get(first.replace(/^8080-/, ''));
    const said = asking.headers['x-colab-runtime-proxy-token'] ?? url.searchParams.get('colab-runtime-proxy-token');
    return found && said === `runtime-${found.machine.endpoint}` ? found : undefined;
  }

  function passOn(asking: IncomingMessage, answer: ServerResponse): void {
    const found = machineOf(asking);
    if (!found) return void answer.writeHead(404).end();
    const { method, headers, url: path } = asking;
    const onward = request({ host: '127.0.0.1', port: found.machine.port, method, headers, path }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    asking.pipe(onward);
  }

  const proxy = createServer();
  const open = new Set<Duplex>();
  proxy.on('connect', (asking: IncomingMessage, socket: Duplex) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => {});
    const [host = ''] = (asking.url ?? '').split(':');
    const isKnown = host === colabHost || host === 'pypi.org' || host.endsWith(`.${machineHosts}`);
    if (isSilent || !isKnown) return socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    const secure = new TLSSocket(socket as Socket, { isServer: true, ...certificate });
    secure.on('error', () => {});
    inner.emit('connection', secure);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;

  return {
    env: {
      HOME: home,
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
      REQUESTS_CA_BUNDLE: certificate.path,
      SSL_CERT_FILE: certificate.path,
      WEBSOCKET_CLIENT_CA_BUNDLE: certificate.path,
      COLAB_CLI_RETRY_BACKOFF: '0',
    },
    machines: () => [...assignments.values()].map(({ machine }) => machine),
    asked,
    refuse: (how) => {
      refusal = how;
    },
    reclaim: ({ endpoint, vanish }) => {
      assignments.delete(endpoint);
      vanish();
    },
    fallSilent: (now) => {
      isSilent = now;
    },
    close: async () => {
      for (const { machine } of assignments.values()) machine.vanish();
      for (const socket of open) socket.destroy();
      inner.close();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

function listed({ machine, accelerator, variant }: Assignment): unknown {
  const { endpoint } = machine;
  const runtimeProxyInfo = {
    token: `runtime-${endpoint}`,
    tokenExpiresInSeconds: 3600,
    url: `https://8080-${endpoint}.${machineHosts}`,
  };
  return { accelerator, endpoint, variant, machineShape: 0, runtimeProxyInfo };
}

function refuseBy(refusal: Refusal, answer: ServerResponse): void {
  if (refusal === 'too-many') return void answer.writeHead(412).end();
  if (refusal === 'no-accelerator') return void answer.writeHead(400).end();
  const body = { accelerator: '', endpoint: '', machineShape: 0, outcome: 2, sub: 0, subTier: 0, variant: 0 };
  answer.writeHead(503, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** As Colab answers: behind a line that no script can run. */
function json(answer: ServerResponse, body: unknown): void {
  answer.writeHead(200, { 'content-type': 'application/json' }).end(`)]}'\n${JSON.stringify(body)}`);
}

function signIn(): string {
  const expiry = '2999-01-01T00:00:00Z';
  return JSON.stringify({ token, refresh_token: 'none', client_id: 'none', client_secret: 'none', expiry });
}

/** Passes a WebSocket through to the machine. */
function tunnel(asking: IncomingMessage, socket: Duplex, head: Buffer, port: number): void {
  const { rawHeaders, url, method } = asking;
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  const onward = connect(port, '127.0.0.1', () => {
    onward.write(`${lines.join('\r\n')}\r\n\r\n`);
    onward.write(head);
    socket.pipe(onward).pipe(socket);
  });
  for (const end of [socket, onward]) end.on('error', () => onward.destroy());
  onward.on('close', () => socket.destroy());
}
