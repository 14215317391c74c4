/**
 * What Python executes of its installation before and while it scores, and what a run must therefore leave alone.
 */
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { parseJson } from '../../core/base/parse-json.ts';
import { pathInside } from '../files/path-inside.ts';
import type { SealedPlace } from './sealed-places.ts';

/** Loaded by every Python that starts, whatever it is to run. */
const startupNames = ['*.pth', 'sitecustomize*', 'usercustomize*'];

const program =
  'import json, site; print(json.dumps(getattr(site, "getsitepackages", list)() + [site.getusersitepackages()]))';

/** The folders from which an interpreter loads packages; none where it does not say. */
export async function findSiteFolders(interpreter: string): Promise<readonly string[]> {
  const run = await execa(interpreter, ['-I', '-c', program], { reject: false, timeout: 30_000, detached: true });
  const folders = z.array(z.string()).safeParse(parseJson(run.stdout ?? ''));
  return folders.success ? [...new Set(folders.data)] : [];
}

/**
 * The sources that the baseline's scorer loaded, as its bytecode names them, but for the owner's own; in the folders of packages
 * also what would be loaded in their stead.
 */
export function interpreterPlaces(
  siteFolders: readonly string[],
  bytecode: readonly string[],
  ownersFolders: readonly string[],
): readonly SealedPlace[] {
  const sources = bytecode
    .map((path) => join('/', path.replace(/\.[^./]+(?:\.opt-\d)?\.pyc$/, '.py')))
    .filter((path) => isBelow(path, siteFolders) || !isBelow(path, ownersFolders));
  const packages = new Set(sources.flatMap((path) => packageOf(path, siteFolders)));
  const names = [...startupNames, ...[...packages].flatMap((name) => [name, `${name}.*`])];
  const files = Object.fromEntries(sources.map((path) => [path.slice(1), null]));
  return [
    { place: '/', files, isWhole: false, content: 'written' },
    ...siteFolders.map(
      (place): SealedPlace => ({ place, files: {}, isWhole: false, added: names, content: 'written' }),
    ),
  ];
}

function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => pathInside(folder, path) !== undefined);
}

/** The name by which a file of a package is imported, up to its first dot. */
function packageOf(path: string, siteFolders: readonly string[]): string[] {
  const inside = siteFolders.map((folder) => pathInside(folder, path)).find((each) => each !== undefined);
  const [name = ''] = (inside ?? '').split('/');
  return name === '' ? [] : [name.replace(/\.py$/, '')];
}
