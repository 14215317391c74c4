/**
 * `nocturne dash`: serves a live page of the studies of a brief.
 */
import { once } from 'node:events';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { isLoopback } from '../../adapters/loopback.ts';
import { parsePort } from '../session/parse-number.ts';
import { parseTag } from '../session/parse-tag.ts';
import { findStudy } from '../study-folder/studies.ts';
import { listenForLeave } from '../terminal/listen-for-leave.ts';
import { printJson, say } from '../terminal/print.ts';

interface DashFlags {
  readonly tag?: string;
  readonly brief?: string;
  readonly port: number;
  readonly host: string;
  readonly token?: boolean;
  readonly json?: boolean;
}

const defaultPort = 7788;

/** Adds the command. */
export function addDash(program: Command): void {
  program
    .command('dash')
    .summary('a live page of the studies, in the browser')
    .description(
      'Serves a page that follows the studies of a brief: what runs now, the table of experiments, each experiment, knobs, report, all studies side by side. It shows what the journals say, and can leave a note, pause, stop or extend a study and confirm its gain.',
    )
    .option('--tag <tag>', 'the study that is shown first (default: the one worked on last)', parseTag)
    .option('--brief <path>', 'program.md, or the folder that has one')
    .option('--port <port>', 'port to listen on; 0 is any that is free', parsePort('--port'), defaultPort)
    .option('--host <address>', 'address to listen on; any other than this machine needs the token', '127.0.0.1')
    .option('--token', 'need the token on this machine too, where others use it')
    .option('--json', 'the addresses as JSON on stdout')
    .addHelpText('after', '\nCtrl-C or, on a terminal, q ends it; the studies go on. See docs/dashboard.md.')
    .action(serve);
}

async function serve(flags: DashFlags): Promise<void> {
  const { tag, folder } = findStudy(flags.brief, flags.tag);
  const { host, port } = flags;
  const { serveDash } = await import('../dash/serve.ts');
  const serving = await serveDash({
    runs: dirname(folder),
    first: tag,
    host,
    port,
    isTokenNeeded: flags.token ?? false,
  });
  const leave = listenForLeave();
  try {
    if (flags.json) printJson({ tag, url: serving.url, urlWithToken: serving.urlWithToken });
    else for (const line of told(serving, host)) say(line);
    if (!leave.signal.aborted) await once(leave.signal, 'abort');
  } finally {
    await serving.close();
    leave.dispose();
  }
  if (leave.wasInterrupted()) process.exitCode = 130;
}

function told({ url, urlWithToken }: { readonly url: string; readonly urlWithToken: string }, host: string): string[] {
  const first = `The dashboard is at ${url}`;
  if (!isLoopback(host)) {
    return [first, 'Whoever has this address can read the studies and ask things of them; it is not encrypted.'];
  }
  return url === urlWithToken
    ? [first]
    : [first, `Through a proxy or a named tunnel, add ?${urlWithToken.split('?')[1]}`];
}
