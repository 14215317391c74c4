/**
 * `nocturne mcp`: the command and its flags.
 */
import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { isLoopback } from '../../adapters/loopback.ts';
import { SettingsError } from '../../core/base/errors.ts';
import type { ToolContext } from '../mcp/tool.ts';
import { parseCount, parsePort, parsePositive } from '../session/parse-number.ts';
import { say } from '../terminal/print.ts';

interface McpFlags {
  readonly brief?: string;
  readonly act?: boolean;
  readonly http?: number;
  readonly host: string;
  readonly maxExperiments?: number;
  readonly maxHours?: number;
  readonly maxUsd?: number;
  readonly maxTokens?: number;
}

/** Adds the command. */
export function addMcp(program: Command): void {
  program
    .command('mcp')
    .summary('let an MCP client, such as a coding agent, read studies')
    .description(
      'Serves the studies of a brief by the Model Context Protocol, on standard input and output unless --http says where else. Clients read; with --act they also leave notes, pause, stop, confirm, hand in experiments and start studies.',
    )
    .option('--brief <path>', 'program.md, or the folder that has one')
    .option('--act', 'offer tools that change something')
    .option('--max-experiments <count>', 'what no start may go beyond, as for `run`', parseCount('--max-experiments'))
    .option('--max-hours <hours>', 'the same', parsePositive('--max-hours'))
    .option('--max-usd <dollars>', 'the same', parsePositive('--max-usd'))
    .option('--max-tokens <count>', 'the same', parseCount('--max-tokens'))
    .option('--http <port>', 'serve streamable HTTP at /mcp on this port; 0: any that is free', parsePort('--http'))
    .option('--host <address>', 'address that --http listens on', '127.0.0.1')
    .addHelpText(
      'after',
      `
Claude Code: claude mcp add nocturne -- nocturne mcp
Codex:       codex mcp add nocturne -- nocturne mcp
With --http, clients send a token where others could reach the server: with
--act, or on an address beyond this machine. It is NOCTURNE_MCP_TOKEN, else
printed at the start.`,
    )
    .action(serve);
}

async function serve(flags: McpFlags): Promise<void> {
  const [{ serverFactory }, { offerFor }] = await Promise.all([
    import('../../adapters/mcp/mcp-server.ts'),
    import('../mcp/offer.ts'),
  ]);
  const factory = serverFactory(offerFor(contextOf(flags)));
  const onTrouble = (text: string) => say(`A message of the client could not be served: ${text}`);
  if (flags.http === undefined) {
    const { serveOnStdio } = await import('../../adapters/mcp/serve-stdio.ts');
    return serveOnStdio(factory, onTrouble);
  }
  const { serveOnHttp } = await import('../../adapters/mcp/serve-http.ts');
  const isOpen = isLoopback(flags.host) && !flags.act;
  const token = tokenFrom(process.env, isOpen);
  const serving = await serveOnHttp(factory, { port: flags.http, host: flags.host, token: token?.text, onTrouble });
  say(
    `Serving at ${serving.url}${token?.isNew ? `, for clients that send \`Authorization: Bearer ${token.text}\`` : ''}. Ctrl-C ends it.`,
  );
  await untilAsked();
  await serving.close();
}

function contextOf({ brief, act, maxExperiments, maxHours, maxUsd, maxTokens }: McpFlags): ToolContext {
  return {
    briefArgument: brief,
    isActing: act ?? false,
    ceilings: { experiments: maxExperiments, hours: maxHours, usd: maxUsd, tokens: maxTokens },
  };
}

/** Characters of a token that the owner gives: fewer could be guessed. */
const minTokenCharacters = 16;

/** The owner's token, else a new one where others could reach the server; undefined where none is asked for. */
function tokenFrom(
  { NOCTURNE_MCP_TOKEN: given }: NodeJS.ProcessEnv,
  isOpen: boolean,
): { readonly text: string; readonly isNew: boolean } | undefined {
  if (given === undefined || given === '')
    return isOpen ? undefined : { text: randomBytes(24).toString('base64url'), isNew: true };
  if (given.length >= minTokenCharacters && /^[\x21-\x7e]+$/.test(given)) return { text: given, isNew: false };
  throw new SettingsError(
    `NOCTURNE_MCP_TOKEN must be at least ${minTokenCharacters} visible ASCII characters, found ${given.length} characters.`,
    { hint: 'Make one with `openssl rand -hex 24`, or leave the variable out.' },
  );
}

/** Resolves when the owner ends the server. */
function untilAsked(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}
