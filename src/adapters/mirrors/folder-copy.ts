/**
 * Reads a study's copy from a folder and compares it with its list of checksums.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MirrorError } from '../../core/base/errors.ts';
import { isAsListed, manifestName, parseManifest } from './manifest.ts';

/** Files that are rebuilt from the journal, and so left out when a crash made them newer than the list. */
const summary = /^(?:results\.tsv|report\.\w+|progress\.\w+)$/;
const kept = /^(?:journal\.jsonl|\d{4,}\/(?:proposal\.json|patch\.diff))$/;

/** The files of the copy by their path in it. Throws a MirrorError that names a damaged or missing one. */
export async function readCopy(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const paths = (await readdir(folder, { recursive: true })).map((path) => path.replaceAll('\\', '/'));
  const manifest = paths.includes(manifestName)
    ? parseManifest(await readFile(join(folder, manifestName), 'utf8'), join(folder, manifestName))
    : undefined;
  const missing = Object.keys(manifest?.files ?? {}).find((path) => !paths.includes(path) && !summary.test(path));
  if (missing !== undefined) throw damaged(join(folder, missing), 'missing');
  for (const path of paths.filter((each) => summary.test(each) || kept.test(each))) {
    const bytes = await readFile(join(folder, path));
    if (!manifest || isAsListed(manifest, path, bytes)) files.set(path, bytes);
    else if (!summary.test(path)) throw damaged(join(folder, path), 'not what was saved there: its checksum differs');
  }
  return files;
}

function damaged(path: string, how: string): MirrorError {
  return new MirrorError(`${path} is ${how}`, {
    hint: "Bring it back from the drive's own history; nothing was changed here.",
  });
}
