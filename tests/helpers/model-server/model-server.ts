/**
 * A local server that speaks OpenAI's Responses, OpenAI's Chat Completions and Anthropic's Messages for the real SDKs, and
 * Google's generateContent beside them for coding agents.
 *
 * It answers by a script, can fail in every way a provider or a network does, and holds each request against the
 * providers' documented schemas: one that breaks them is answered 400 and recorded under `violations`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { smallCallWords } from '../../../src/adapters/models/small-call.ts';
import { checkAgentRequest } from './check-agent-request.ts';
import { checkRequest } from './check-request.ts';
import { type DeviationName, deviate, refusalOf, sendingOf } from './deviations.ts';
import { type FaultName, giveFault } from './give-fault.ts';
import { chatBody, chatEventsOf } from './render-chat.ts';
import { replyBody, replyEvents, type ServedReply, type Wire } from './render-reply.ts';

/** What the server does with one call. */
export type Step = { readonly reply: ServedReply } | { readonly fault: FaultName };

export interface RecordedRequest {
  readonly wire: Wire;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of three shapes.
  readonly body: any;
}

export interface ModelServer {
  /** Without a path: Anthropic's base URL. */
  readonly url: string;
  /** With `/v1`: OpenAI's base URL. */
  readonly openAIUrl: string;
  readonly requests: readonly RecordedRequest[];
  /** The small calls that show whether the model can be asked: before the baseline, and while it is away. */
  readonly smallCalls: readonly RecordedRequest[];
  /** What was wrong with requests, in words. */
  readonly violations: readonly string[];
  readonly close: () => Promise<void>;
}

/** The steps in order, the last one again and again; or a function that decides from each request, as soon as it likes. */
export type Script = readonly Step[] | ((request: RecordedRequest, index: number) => Step | Promise<Step>);

const wires: Readonly<Record<string, Wire>> = {
  '/v1/responses': 'responses',
  '/v1/chat/completions': 'chat',
  '/v1/messages': 'messages',
  // Colab's own proxy.
  '/models/openapi/chat/completions': 'chat',
};

export interface ModelServerOptions {
  /** Whose requests are checked: our own, which must be what we mean them to be, or those of coding agents. */
  readonly clients?: 'ours' | 'agents';
  /** How the chat server differs from OpenAI's; what it refuses is no violation. */
  readonly deviations?: readonly DeviationName[];
  /** What it answers to GET `/v1/models`; nothing is a 404. */
  readonly models?: unknown;
  /** What is done with small calls, which the script does not see; answered when left out. */
  readonly smallCalls?: Script;
}

const smallAnswer: Step = { reply: { text: 'ok', usage: { uncached: 10, cached: 0, output: 1 } } };

export async function startModelServer(
  script: Script,
  { clients = 'ours', deviations = [], models, smallCalls: smallScript = [smallAnswer] }: ModelServerOptions = {},
): Promise<ModelServer> {
  const requests: RecordedRequest[] = [];
  const smallCalls: RecordedRequest[] = [];
  const violations: string[] = [];

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(incoming.url ?? '/', 'http://localhost').pathname;
    const wire = wireOf(path);
    const text = await readText(incoming);
    if (clients === 'agents' && (wire === undefined || incoming.method !== 'POST')) {
      answerAside(path, text, response);
      return;
    }
    if (clients === 'ours' && incoming.method === 'GET' && path !== '/v1/elsewhere') {
      if (models === undefined || path !== '/v1/models') sendJson(response, 404, { error: { message: 'not found' } });
      else sendJson(response, 200, models);
      return;
    }
    if (wire === undefined) {
      // Where the redirect loop leads: still a redirect.
      requests.push({ wire: 'chat', path, headers: {}, body: {} });
      giveFault('redirect-loop', { wire: 'chat', response, isStreamed: false });
      return;
    }
    const request = { wire, path, headers: plainHeaders(incoming), body: { ...modelIn(path), ...JSON.parse(text) } };
    const problems = clients === 'agents' ? checkAgentRequest(request) : checkRequest(request);
    const isSmall = clients === 'ours' && text.includes(smallCallWords);
    const [those, steps] = isSmall ? [smallCalls, smallScript] : [requests, script];
    those.push(request);
    violations.push(...problems.map((problem) => `${path}: ${problem}`));
    const isStreamed = request.body.stream === true || path.endsWith(':streamGenerateContent');
    if (problems.length > 0) {
      sendJson(response, 400, { error: { type: 'invalid_request_error', message: problems.join('; ') } });
      return;
    }
    const refused = wire === 'chat' ? refusalOf(deviations, request.body) : undefined;
    if (refused !== undefined) {
      sendJson(response, refused.status, refused.body);
      return;
    }
    const index = those.length - 1;
    const step = typeof steps === 'function' ? await steps(request, index) : (steps[index] ?? steps.at(-1));
    if (step === undefined) throw new Error('The script is empty');
    if ('fault' in step) giveFault(step.fault, { wire, response, isStreamed });
    else if (step.reply.cutAfter !== undefined)
      sendCut(response, isStreamed, wholeText(wire, isStreamed, step, request.body));
    else if (wire === 'chat' && deviations.length > 0) sendDeviating(response, step.reply, request.body, index);
    else if (isStreamed) sendEvents(response, replyEvents(wire, step.reply, request.body));
    else sendJson(response, 200, replyBody(wire, step.reply, request.body));
  };

  const sendDeviating = (
    response: ServerResponse,
    reply: ServedReply,
    body: RecordedRequest['body'],
    index: number,
  ) => {
    const { isWhole, contentType, endsWithoutDone } = sendingOf(deviations);
    const whole = deviate(deviations, chatBody(reply, body), body, index);
    if (isWhole || body.stream !== true) return sendJson(response, 200, whole);
    const events = chatEventsOf(whole, body.stream_options?.include_usage === true);
    sendEvents(response, endsWithoutDone ? events.slice(0, -1) : events, contentType);
  };

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      violations.push(`the server failed: ${String(error)}`);
      response.destroy();
    });
  });
  // Clients that would rather have a WebSocket are told to do without.
  server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 426 Upgrade Required\r\ncontent-length: 0\r\n\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    openAIUrl: `${url}/v1`,
    requests,
    smallCalls,
    violations,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function wireOf(path: string): Wire | undefined {
  return /^\/v1beta\/models\/[^/]+:(?:streamG|g)enerateContent$/.test(path) ? 'gemini' : wires[path];
}

/** Google names the model in the path. */
function modelIn(path: string): { readonly model?: string } {
  const [, model] = /^\/v1beta\/models\/([^/:]+):/.exec(path) ?? [];
  return model === undefined ? {} : { model };
}

/** What agents ask beside their calls. */
function answerAside(path: string, text: string, response: ServerResponse): void {
  const tokens = Math.ceil(text.length / 4);
  if (path === '/api/hello') sendJson(response, 200, { message: 'hello' });
  else if (path.endsWith('/count_tokens')) sendJson(response, 200, { input_tokens: tokens });
  else if (path.endsWith(':countTokens')) sendJson(response, 200, { totalTokens: tokens });
  else sendJson(response, 404, { error: { type: 'not_found_error', code: 404, message: `There is no ${path}` } });
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function plainHeaders(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
}

function wholeText(
  wire: Wire,
  isStreamed: boolean,
  { reply }: { readonly reply: ServedReply },
  body: RecordedRequest['body'],
) {
  const text = isStreamed ? replyEvents(wire, reply, body).join('') : JSON.stringify(replyBody(wire, reply, body));
  return { text, sent: text.slice(0, Math.floor(text.length * (reply.cutAfter ?? 1))) };
}

/** Sends a part of the body and breaks the connection. */
function sendCut(
  response: ServerResponse,
  isStreamed: boolean,
  { text, sent }: { readonly text: string; readonly sent: string },
): void {
  const type = isStreamed ? 'text/event-stream' : 'application/json';
  response.writeHead(200, { 'content-type': type, 'content-length': String(Buffer.byteLength(text)) });
  response.write(sent, () => response.destroy());
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function sendEvents(response: ServerResponse, events: readonly string[], type = 'text/event-stream'): void {
  response.writeHead(200, { 'content-type': type });
  response.end(events.join(''));
}
