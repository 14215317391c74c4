/** Before any test runs: builds the program when its source is newer, so that no test sees an old one. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { execa } from 'execa';
import { packagePath } from '../../src/adapters/package-root.ts';
import { program, programInOnePiece } from './program.ts';

export default async function buildProgram(): Promise<void> {
  const source = packagePath('src');
  const parts = readdirSync(source, { recursive: true, encoding: 'utf8' }).map((path) => join(source, path));
  const changedAt = Math.max(...[...parts, packagePath('tsconfig.build.json')].map(modifiedAt));
  if (modifiedAt(program) <= changedAt)
    await execa('npm', ['run', 'build'], { cwd: packagePath(), stdout: 'ignore', stderr: 'inherit' });
  if (modifiedAt(programInOnePiece) <= modifiedAt(program)) await bundle();
}

async function bundle(): Promise<void> {
  const outdir = dirname(programInOnePiece);
  rmSync(outdir, { recursive: true, force: true });
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

function modifiedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
