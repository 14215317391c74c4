/**
 * A command of this program in a process of its own, for what goes on long after a call has been answered.
 */
import { execa } from 'execa';
import { StudyError } from '../../core/base/errors.ts';

export type CommandEnd =
  /** It has printed one JSON value; `said` is what it told its owner. */
  | { readonly kind: 'ended'; readonly json: unknown; readonly said: string }
  /** It goes on, longer than a client waits. */
  | { readonly kind: 'going-on' };

/** Clients end a call after about a minute. */
const maxMilliseconds = 50_000;

/**
 * Runs `nocturne` with these arguments, which include `--detach --json`, and gives what it prints. Nobody can be asked
 * anything there. Throws a StudyError with its own words where it fails.
 */
export async function runCommand(args: readonly string[]): Promise<CommandEnd> {
  const [, program = ''] = process.argv;
  const running = execa(process.execPath, [...process.execArgv, program, ...args], {
    stdin: 'ignore',
    reject: false,
    cleanup: false,
  });
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), maxMilliseconds);
  });
  const result = await Promise.race([running, patience]);
  clearTimeout(timer);
  if (result === undefined) return { kind: 'going-on' };
  if (result.exitCode === 0) return { kind: 'ended', json: JSON.parse(result.stdout), said: result.stderr };
  throw failed(result.stderr);
}

/** Its message and hint as those of an error of ours. */
function failed(stderr: string): StudyError {
  const [message = '', ...hint] = stderr
    .trim()
    .replace(/^(?:warning: .*\n)*/, '')
    .replace(/^nocturne: /, '')
    .split('\n');
  return new StudyError(message === '' ? 'The command ended without a word.' : message, { hint: hint.join('\n') });
}
