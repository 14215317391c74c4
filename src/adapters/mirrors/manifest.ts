/**
 * What a folder's copy of a study should hold: `contents.json`, with a checksum of each file. It is written last.
 *
 * A crash before that leaves files that are newer than it. A journal only grows, so a newer one begins with the one that is
 * listed; summaries are rebuilt from it. Anything else that differs is damage.
 */
import { z } from 'zod';
import { MirrorError } from '../../core/base/errors.ts';
import { sha256 } from './whole-file.ts';

const listed = z.object({ bytes: z.number().int().nonnegative(), sha256: z.string() });
const manifestSchema = z.object({ nocturne: z.literal(1), tag: z.string(), files: z.record(z.string(), listed) });
export type Manifest = z.infer<typeof manifestSchema>;

export const manifestName = 'contents.json';

/** The list of these files. */
export function manifestOf(tag: string, contents: ReadonlyMap<string, Buffer>): Manifest {
  const files = [...contents].map(([path, bytes]) => [path, { bytes: bytes.length, sha256: sha256(bytes) }]);
  return { nocturne: 1, tag, files: Object.fromEntries(files) };
}

/** The manifest in a text. Throws a MirrorError when it is none. */
export function parseManifest(text: string, where: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new MirrorError(`${where} is not a list of files as this version writes it.`, { cause });
  }
}

/** Whether a file is what the manifest says; one that it does not list is newer than it. */
export function isAsListed({ files }: Manifest, path: string, content: Buffer): boolean {
  const expected = files[path];
  if (expected === undefined) return true;
  return sha256(path === 'journal.jsonl' ? content.subarray(0, expected.bytes) : content) === expected.sha256;
}
