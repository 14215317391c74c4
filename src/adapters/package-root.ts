/**
 * Paths inside this package. From `src/adapters` and from `dist/adapters` alike its root is two levels up.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The absolute path of something that ships with the package: `packagePath('src', 'python', 'supervisor.py')`. */
export function packagePath(...parts: string[]): string {
  return join(fileURLToPath(new URL('../..', import.meta.url)), ...parts);
}
