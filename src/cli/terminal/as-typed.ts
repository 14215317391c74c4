/**
 * How the owner types a command of this program where they stand.
 *
 * npm and npx start it without putting it on the PATH. `npx nocturne` then means it only within a checkout or a project
 * that has it installed: elsewhere npx would fetch whatever the registry has under that name.
 */
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { packagePath } from '../../adapters/package-root.ts';
import { quoted } from './quoted.ts';

/** The words before a subcommand: `nocturne`, `npx nocturne`, or the program's own path. */
export function programWords(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  folder = process.cwd(),
): string {
  if (environment.npm_lifecycle_event === undefined) return 'nocturne';
  return isFoundByNpx(folder) ? 'npx nocturne' : `node ${quoted(packagePath('dist', 'cli', 'main.js'))}`;
}

/** Whether npx finds this program from here: the first folder upward that is a package or has packages is its own. */
function isFoundByNpx(folder: string): boolean {
  const own = realpathSync(packagePath());
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, 'node_modules', '.bin', 'nocturne'))) return true;
    if (existsSync(join(at, 'package.json')) || existsSync(join(at, 'node_modules'))) return realpathSync(at) === own;
    if (at === dirname(at)) return false;
  }
}

/** A command that begins with `nocturne ` as it is typed here. */
export function asTyped(command: string, folder?: string): string {
  return command.replace(/^nocturne /, () => `${programWords(process.env, folder)} `);
}

/** The text with each command of ours that stands in backquotes as it is typed here. */
export function withTypedCommands(text: string): string {
  if (!text.includes('`nocturne ')) return text;
  const words = programWords();
  return text.replaceAll('`nocturne ', () => `\`${words} `);
}
