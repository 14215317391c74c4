/**
 * The command that installs a package where LangChain, which imports it, finds it: beside Nocturne itself.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { packagePath } from '../../package-root.ts';

/** Such as `npm install --global @langchain/cohere`, by how this copy of Nocturne, at `root`, was installed. */
export function installCommand(packageName: string, root: string = resolve(packagePath())): string {
  const above = dirname(root);
  // A checkout: what is added to try it is none of the project's.
  if (basename(above) !== 'node_modules') return `npm install --no-save --prefix ${quoted(root)} ${packageName}`;
  const project = dirname(above);
  // Only a global folder has no package.json; there `--prefix` would remove what the missing list does not name.
  if (!existsSync(join(project, 'package.json'))) return `npm install --global ${packageName}`;
  return `npm install --prefix ${quoted(project)} ${packageName}`;
}

function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
