/**
 * Where a provider's key comes from: the environment or a file that it names, and nowhere else.
 *
 * In this order, for a provider whose variable is `OPENAI_API_KEY`:
 * 1. `OPENAI_API_KEY` itself;
 * 2. `OPENAI_API_KEY_FILE`, the path of a file that holds the key and nothing else;
 * 3. `NOCTURNE_KEY_FILE`, the path of one file for all providers: lines of `OPENAI_API_KEY=…` (`export` and quotes are
 *    understood, `#` begins a comment), or a single line that is the key, whatever the provider.
 *
 * No message here ever shows what a variable or a file holds.
 */
import { readFile } from 'node:fs/promises';
import { ProviderError } from '../../core/base/errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The key under the first of these names that is set, or undefined when none is. */
export async function readKey(names: readonly string[], environment: Environment): Promise<string | undefined> {
  for (const name of names) {
    const key = (await keyNamed(name, environment))?.trim();
    if (key === undefined || key === '') continue;
    if (!/^[\x21-\x7e]+$/.test(key)) {
      throw new ProviderError(`${name} is no key: it holds spaces, line breaks or letters that no key has`);
    }
    return key;
  }
  return undefined;
}

async function keyNamed(name: string, environment: Environment): Promise<string | undefined> {
  if (environment[name]?.trim()) return environment[name];
  const ownFile = environment[`${name}_FILE`];
  if (ownFile) return await readKeyFile(ownFile, `${name}_FILE`);
  const oneFile = environment.NOCTURNE_KEY_FILE;
  return oneFile ? keyIn(await readKeyFile(oneFile, 'NOCTURNE_KEY_FILE'), name) : undefined;
}

async function readKeyFile(path: string, variable: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'an error';
    throw new ProviderError(`${variable} names a file that cannot be read: ${path} (${why})`, { cause: error });
  }
}

function keyIn(file: string, name: string): string | undefined {
  const lines = file
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const [only] = lines;
  if (lines.length === 1 && only !== undefined && !/^(export\s+)?[A-Z][A-Z0-9_]*=/.test(only)) return only;
  const assignment = new RegExp(`^(?:export\\s+)?${name}=(.*)$`);
  const value = lines.map((line) => assignment.exec(line)?.[1]).find((found) => found !== undefined);
  return value?.replace(/^(['"])(.*)\1$/, '$2');
}
