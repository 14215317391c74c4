/** Before any test runs: builds the program when its source is newer, so that no test sees an old one. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { packagePath } from '../../src/adapters/package-root.ts';
import { program } from './program.ts';

export default async function buildProgram(): Promise<void> {
  const source = packagePath('src');
  const parts = readdirSync(source, { recursive: true, encoding: 'utf8' }).map((path) => join(source, path));
  const builtAt = modifiedAt(program);
  if ([...parts, packagePath('tsconfig.build.json')].every((path) => modifiedAt(path) < builtAt)) return;
  await execa('npm', ['run', 'build'], { cwd: packagePath(), stdout: 'ignore', stderr: 'inherit' });
}

function modifiedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
