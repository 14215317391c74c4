/**
 * The package's version, read from its package.json.
 */
import { readFileSync } from 'node:fs';
import { packagePath } from '../../adapters/package-root.ts';

/** Such as `0.1.0`. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(packagePath('package.json'), 'utf8')) as { version: string }).version;
}
