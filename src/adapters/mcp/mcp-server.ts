/**
 * A server of the Model Context Protocol, made of tools and resources that know nothing of the protocol.
 *
 * One server serves one connection of stdio, or one request over HTTP, so it keeps nothing between calls.
 */
import { type McpRequestContext, McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import type { z } from 'zod';

/** What a tool or a resource answers: texts in their order, and whether the call failed. */
export interface McpAnswer {
  readonly texts: readonly string[];
  readonly isError?: true;
}

export interface McpTool {
  readonly name: string;
  readonly title: string;
  /** What a model is told of it. */
  readonly description: string;
  readonly input: z.ZodObject;
  /** `false` for one that changes something. */
  readonly isReadOnly: boolean;
  /** Takes what the schema made of the arguments; the signal is aborted when the client gives up. Never rejects. */
  readonly call: (input: unknown, signal: AbortSignal) => Promise<McpAnswer>;
}

/** Texts under one kind of address, in Markdown. */
export interface McpResource {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** A fixed address, or one with `{tag}` in it. */
  readonly uri: string;
  /** The tags that a client is shown; called for an address with `{tag}` only. */
  readonly tags: () => Promise<readonly string[]>;
  /** The text. What it throws is told to the client as the reason why there is none. */
  readonly read: (tag: string) => Promise<string>;
}

export interface McpOffer {
  readonly name: string;
  readonly version: string;
  /** What a model is told of the server before it calls anything. */
  readonly instructions: string;
  readonly tools: readonly McpTool[];
  readonly resources: readonly McpResource[];
}

/** Makes a server for one connection or request. */
export type McpServerFactory = (context: McpRequestContext) => McpServer;

/** The factory of servers that offer this. */
export function serverFactory({ name, version, instructions, tools, resources }: McpOffer): McpServerFactory {
  return () => {
    const server = new McpServer({ name, version }, { instructions });
    for (const tool of tools) addTool(server, tool);
    for (const resource of resources) addResource(server, resource);
    return server;
  };
}

function addTool(server: McpServer, { name, title, description, input, isReadOnly, call }: McpTool): void {
  const annotations = { readOnlyHint: isReadOnly, openWorldHint: false };
  server.registerTool(name, { title, description, inputSchema: input, annotations }, async (given, context) => {
    const { texts, isError } = await call(given, context.mcpReq.signal);
    const content = texts.map((text) => ({ type: 'text' as const, text }));
    return isError ? { content, isError } : { content };
  });
}

const mimeType = 'text/markdown';

function addResource(server: McpServer, resource: McpResource): void {
  const { name, title, description, uri, read } = resource;
  const about = { title, description, mimeType };
  const contentsOf = async (href: string, tag: string) => ({
    contents: [{ uri: href, mimeType, text: await read(tag) }],
  });
  if (!uri.includes('{tag}')) {
    server.registerResource(name, uri, about, ({ href }) => contentsOf(href, ''));
    return;
  }
  const list = async () => {
    const tags = await resource.tags();
    return {
      resources: tags.map((tag) => ({ uri: uri.replace('{tag}', () => tag), name: `${name} of ${tag}`, ...about })),
    };
  };
  const complete = {
    tag: async (begun: string) => (await resource.tags()).filter((tag) => tag.startsWith(begun)),
  };
  const template = new ResourceTemplate(uri, { list, complete });
  server.registerResource(name, template, about, ({ href }, { tag }) => contentsOf(href, String(tag)));
}
