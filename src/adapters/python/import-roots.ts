/**
 * Where an interpreter imports from besides its own folders: editable installations, and what `.pth` files add.
 */
import { execa } from 'execa';
import { packagePath } from '../package-root.ts';

/** How long the interpreter may take, in milliseconds. */
const timeout = 20_000;

/** The folders and files, absolute; none where the interpreter does not say. */
export async function importRoots(
  interpreter: string,
  environment: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const script = packagePath('src', 'python', 'import_roots.py');
  const { stdout, failed } = await execa(interpreter, [script], {
    env: { ...environment },
    extendEnv: false,
    reject: false,
    timeout,
  });
  if (failed) return [];
  try {
    const found: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]');
    return Array.isArray(found) ? found.filter((path) => typeof path === 'string') : [];
  } catch {
    return [];
  }
}
