/**
 * What a program that lists devices prints.
 */
import { execa } from 'execa';
import type { Environment } from './device.ts';

/** A driver that hangs must not hold the study up for long. */
const limitMilliseconds = 20_000;

/** The lines that it prints; undefined where it is missing, fails or does not answer. */
export async function linesOf(
  program: string,
  args: readonly string[],
  environment: Environment,
): Promise<readonly string[] | undefined> {
  const options = { reject: false, stdin: 'ignore', timeout: limitMilliseconds } as const;
  const { stdout, failed } = await execa(program, args, { ...options, env: environment, extendEnv: false });
  return failed ? undefined : stdout.split('\n');
}
