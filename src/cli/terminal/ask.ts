/**
 * Asks the owner a question on the terminal.
 */
import { createInterface } from 'node:readline/promises';
import { SettingsError } from '../../core/base/errors.ts';

/** The answer, trimmed; undefined where there is no terminal to ask on. A SettingsError after Ctrl-C or Ctrl-D. */
export async function ask(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await prompt.question(question)).trim();
  } catch (cause) {
    if (!(cause instanceof Error && cause.name === 'AbortError')) throw cause;
    process.stderr.write('\n');
    throw new SettingsError('The question was left without an answer, so nothing was done.', { cause });
  } finally {
    prompt.close();
  }
}
