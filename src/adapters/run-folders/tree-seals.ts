/**
 * The fingerprints of a run's trees before the run, and which file has changed since.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readBytes } from '../files/read-file.ts';
import { contentOf, readJson } from '../files/read-json.ts';
import { findChange, fingerprintSchema, maxSealBytes, takeFingerprint } from './fingerprint.ts';

const treeSealSchema = z.object({ work: fingerprintSchema, score: fingerprintSchema });
type TreeSeal = z.infer<typeof treeSealSchema>;

export interface TreeSeals {
  /**
   * Takes the fingerprints of a run's new trees, and writes them to disk too, for a later session that adopts the run.
   */
  readonly take: (runFolder: string) => Promise<void>;
  /**
   * The first fixed file that changed. The training may add files to its own tree; the scorer's must not differ at all.
   */
  readonly findChange: (runFolder: string) => Promise<string | undefined>;
}

/** Seals for runs that may change only these paths of their work tree. */
export function createTreeSeals(editable: readonly string[]): TreeSeals {
  // Kept in memory too, where training code cannot change them.
  const seals = new Map<string, { readonly seal: TreeSeal; readonly text: string }>();
  const pathOf = (runFolder: string) => join(runFolder, 'trees.json');
  return {
    take: async (runFolder) => {
      const work = await takeFingerprint(join(runFolder, 'work'));
      const fixed = Object.fromEntries(Object.entries(work).filter(([path]) => !editable.includes(path)));
      const seal = { work: fixed, score: await takeFingerprint(join(runFolder, 'score')) };
      const text = JSON.stringify(seal);
      seals.set(runFolder, { seal, text });
      await writeFile(pathOf(runFolder), text);
    },
    findChange: async (runFolder) => {
      const path = pathOf(runFolder);
      const known = seals.get(runFolder);
      seals.delete(runFolder);
      // Void although the seal is known from memory: the result must not depend on whether the controller was killed.
      if (known && !(await holds(path, known.text))) return 'trees.json';
      const seal = known?.seal ?? contentOf(await readJson(path, treeSealSchema, maxSealBytes));
      if (!seal) return 'trees.json';
      const inWork = await findChange(join(runFolder, 'work'), seal.work, { mayAdd: true });
      return inWork ?? (await findChange(join(runFolder, 'score'), seal.score));
    },
  };
}

async function holds(path: string, text: string): Promise<boolean> {
  const file = await readBytes(path, maxSealBytes);
  return file.kind === 'read' && file.bytes.equals(Buffer.from(text));
}
