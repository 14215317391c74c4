/**
 * Builds the program with a bug planted, in a folder of its own; the checkout is never written to.
 */
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { packagePath } from '../../src/adapters/package-root.ts';
import type { OrderingBug } from './ordering-bugs.ts';
import type { Command } from './study.ts';

/** How the program is started. Throws when the source is no longer as the bug was written for. */
export async function plantBug({ name, changes }: OrderingBug, folder: string): Promise<Command> {
  mkdirSync(folder, { recursive: true });
  for (const part of ['src', 'prompts', 'sandbox', 'package.json', 'node_modules'])
    symlinkSync(packagePath(part), join(folder, part));
  const planted = new Set<string>();
  const plugin: Plugin = {
    name: 'plant',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
        const wanted = changes.filter(({ file }) => packagePath(file) === path);
        if (wanted.length === 0) return undefined;
        let contents = readFileSync(path, 'utf8');
        for (const { file, from, to } of wanted) {
          if (contents.split(from).length !== 2)
            throw new Error(`${file} does not have once what "${name}" changes: ${from}`);
          contents = contents.split(from).join(to);
          planted.add(from);
        }
        return { contents, loader: 'ts' };
      });
    },
  };
  const outdir = join(folder, 'dist', 'one');
  await build({
    entryPoints: [packagePath('src', 'cli', 'main.ts')],
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['@resvg/resvg-js', 'langchain'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
    plugins: [plugin],
  });
  if (planted.size !== changes.length) throw new Error(`"${name}" was not planted`);
  return [process.execPath, join(outdir, 'main.js')];
}
