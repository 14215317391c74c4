/**
 * Before any test runs: builds the program when its source is newer, so that no test sees an old one. Kinds of tests run beside each
 * other, so what is built already is never taken from under a program that still loads its parts.
 */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { execa } from 'execa';
import { packagePath } from '../../src/adapters/package-root.ts';
import { program, programInOnePiece } from './program.ts';

export default async function buildProgram(): Promise<void> {
  const changedAt = Math.max(...[...sourcesIn(packagePath('src')), packagePath('tsconfig.build.json')].map(modifiedAt));
  if (modifiedAt(program) <= changedAt)
    await execa('npm', ['run', 'build'], { cwd: packagePath(), stdout: 'ignore', stderr: 'inherit' });
  if (modifiedAt(programInOnePiece) <= modifiedAt(program)) await bundle();
}

/** What is compiled; a folder is as new as its last entry, and Python writes its bytecode into one beside its scripts. */
export function sourcesIn(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => path.endsWith('.ts')).map((path) => join(folder, path));
}

async function bundle(): Promise<void> {
  const outdir = dirname(programInOnePiece);
  removeOld(outdir);
  await build({
    entryPoints: [program],
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    // What a user may lack stays where it is looked for.
    external: ['@resvg/resvg-js', 'langchain'],
    // For the packages among them that are CommonJS.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
}

/** Parts are named by their content, so that those of a bundle and of the one before it lie beside each other: a day is longer than tests take. */
function removeOld(folder: string): void {
  const yesterday = Date.now() - 24 * 3600 * 1000;
  for (const name of statSync(folder, { throwIfNoEntry: false }) ? readdirSync(folder) : []) {
    const path = join(folder, name);
    if (modifiedAt(path) < yesterday) rmSync(path, { force: true });
  }
}

function modifiedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
