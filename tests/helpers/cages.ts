/**
 * Whether the studies of a test file run in cages, as a person's do. The search for a cage takes each session of a study about a second,
 * so only tests that call `withCages` have it; the others are about something else.
 */
import { afterAll } from 'vitest';

let isCaged = false;

/** The programs that this test file starts isolate their runs, but for those whose trainings knock at a gate outside. */
export function withCages(): void {
  isCaged = true;
  // A worker goes on with other files, and has loaded this one once.
  afterAll(() => {
    isCaged = false;
  });
}

/** The arguments with which a test starts the program. */
export function argumentsOf(
  args: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const [command = '', ...rest] = args;
  const trains = ['run', 'confirm', 'demo'].includes(command) && !rest.includes('--no-isolation');
  const knocks = variables.NOCTURNE_TEST_GATE !== undefined;
  return trains && (knocks || !isCaged) ? [command, '--no-isolation', ...rest] : args;
}
