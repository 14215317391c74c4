/**
 * Asks a program that asks a driver, such as nvidia-smi.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';

export interface Asking {
  /** All that the program gets. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly limitMilliseconds: number;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
}

/** How it ended, as execa says it. */
export interface Asked {
  readonly stdout: string;
  readonly stderr: string;
  readonly failed: boolean;
  readonly exitCode?: number | undefined;
  /** Such as ENOENT, where it could not be started. */
  readonly code?: string | undefined;
}

/** How the program ended; undefined where it did not until then. */
export async function askDriver(
  program: string,
  args: readonly string[],
  { environment, limitMilliseconds, signal }: Asking,
): Promise<Asked | undefined> {
  const options = { reject: false, stdin: 'ignore', env: environment, extendEnv: false } as const;
  const child = execa(program, args, options);
  const asked = new AbortController();
  const waited = AbortSignal.any([asked.signal, ...(signal ? [signal] : [])]);
  const wait = delay(limitMilliseconds, undefined, { ref: false, signal: waited }).catch(() => {});
  const ended = await Promise.race([child, wait]);
  asked.abort();
  if (ended) return ended;
  // A process that waits for a driver cannot be killed, and would never be seen to end.
  child.kill('SIGKILL');
  for (const stream of [child.stdout, child.stderr]) stream?.destroy();
  child.unref();
  return undefined;
}
