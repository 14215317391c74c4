/**
 * What a program that lists devices prints.
 */
import { askDriver } from '../gpu/ask-driver.ts';
import type { Environment } from './device.ts';

/** A driver that hangs must not hold the study up for long. */
const usualMilliseconds = 20_000;

/** The lines that it prints; undefined where it is missing, fails or does not answer. */
export async function linesOf(
  program: string,
  args: readonly string[],
  environment: Environment,
  limitMilliseconds = usualMilliseconds,
): Promise<readonly string[] | undefined> {
  const ended = await askDriver(program, args, { environment, limitMilliseconds });
  return ended === undefined || ended.failed ? undefined : ended.stdout.split('\n');
}
