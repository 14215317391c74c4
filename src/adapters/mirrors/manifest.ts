/**
 * `contents.json` in a folder's copy of a study: the list of its files, each with its checksum. It is written last.
 *
 * A crash before that leaves files that are newer than the list. A newer journal begins with the listed one, since a
 * journal only grows; summaries are rebuilt from the journal. Any other difference is damage.
 */
import { z } from 'zod';
import { MirrorError } from '../../core/base/errors.ts';
import { sha256 } from './whole-file.ts';

const listed = z.object({ bytes: z.number().int().nonnegative(), sha256: z.string() });
const manifestSchema = z.object({ nocturne: z.literal(1), tag: z.string(), files: z.record(z.string(), listed) });
export type Manifest = z.infer<typeof manifestSchema>;

export const manifestName = 'contents.json';

/** The manifest of these files. */
export function manifestOf(tag: string, contents: ReadonlyMap<string, Buffer>): Manifest {
  const files = [...contents].map(([path, bytes]) => [path, { bytes: bytes.length, sha256: sha256(bytes) }]);
  return { nocturne: 1, tag, files: Object.fromEntries(files) };
}

/** Reads a manifest. Throws a MirrorError when the text is none. */
export function parseManifest(text: string, where: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new MirrorError(`${where} is not a list of files as this version writes it.`, { cause });
  }
}

/** Whether a file has its checksum in the manifest; true for a file that it does not list, which is newer. */
export function isAsListed({ files }: Manifest, path: string, content: Buffer): boolean {
  const expected = files[path];
  if (expected === undefined) return true;
  return sha256(path === 'journal.jsonl' ? content.subarray(0, expected.bytes) : content) === expected.sha256;
}
