/**
 * The fingerprints of a run's trees before the run, and which files have changed since.
 */
import { writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import { readBytes } from '../files/read-file.ts';
import { contentOf, readJson } from '../files/read-json.ts';
import {
  type Fingerprint,
  findChanges,
  fingerprintSchema,
  lstatOf,
  maxSealBytes,
  tableOf,
  takeFingerprint,
  walkTree,
} from './fingerprint.ts';
import type { LoadedFile } from './own-tree.ts';
import { type SealedPlace, sealedFolder } from './sealed-places.ts';

const treeSealSchema = z.object({
  work: fingerprintSchema,
  score: fingerprintSchema,
  /** What the study's data folder looked like to either stage; absent in seals of earlier versions. */
  data: fingerprintSchema.optional(),
  /** Files that the run may write although they are in one of these folders. */
  free: z.array(z.string()).optional(),
});
type TreeSeal = z.infer<typeof treeSealSchema>;

/** A fixed file that is not as it was before the run. */
export interface TreeChange {
  /** From the run's folder, such as `work/lab/prepare.py`. */
  readonly path: string;
  /** From the top of its tree, as the owner knows it. */
  readonly name: string;
  /** When it was changed, in milliseconds; undefined when it is gone. */
  readonly ctime: number | undefined;
}

export interface TreeSeals {
  /**
   * Takes the fingerprints of a run's new trees but for copies of its own, and writes them to disk too, for a later session
   * that adopts the run. Gives what the training must leave alone, for the supervisor.
   */
  readonly take: (runFolder: string, copies: readonly string[]) => Promise<readonly SealedPlace[]>;
  /** What a scorer alone must find as it is, in a run folder whose scorer's tree was laid anew. */
  readonly ofScorer: (runFolder: string) => Promise<readonly SealedPlace[]>;
  /**
   * The files that a stage loaded with another content than they had when the run was laid out, whatever they hold now, from the
   * run's folder. Asked before `findChanges`.
   */
  readonly loadedOtherwise: (
    runFolder: string,
    tree: 'work' | 'score',
    loaded: readonly LoadedFile[],
  ) => Promise<readonly string[]>;
  /**
   * The fixed files that changed; `spoiled` when that cannot be told. The training may add files to its own tree; the
   * scorer's must not differ at all.
   */
  readonly findChanges: (runFolder: string) => Promise<readonly TreeChange[] | 'spoiled'>;
}

/** Where a run's trees are, in its folder: those of the training, to which it may add, and those of the scorer. */
const places = [
  { key: 'work', folder: 'work', mayAdd: true },
  { key: 'score', folder: 'score', mayAdd: false },
  { key: 'data', folder: 'data/work', mayAdd: true },
  { key: 'data', folder: 'data/score', mayAdd: false },
] as const;

/** Seals for runs that may change only these paths of their work tree. */
export function createTreeSeals(editable: readonly string[]): TreeSeals {
  // Kept in memory too, where training code cannot change them.
  const seals = new Map<string, { readonly seal: TreeSeal; readonly text: string }>();
  const pathOf = (runFolder: string) => join(runFolder, 'trees.json');
  return {
    take: async (runFolder, copies) => {
      const free = new Set([
        ...editable.map((path) => `work/${path}`),
        ...copies.map((path) => within(runFolder, path)),
      ]);
      const sealOf = async (folder: string): Promise<Fingerprint> => {
        const marks = Object.entries(await takeFingerprint(join(runFolder, folder)));
        return Object.fromEntries(marks.filter(([path]) => !free.has(`${folder}/${path}`)));
      };
      const seal = {
        work: await sealOf('work'),
        score: await sealOf('score'),
        data: await sealOf('data'),
        free: [...free],
      };
      const text = JSON.stringify(seal);
      seals.set(runFolder, { seal, text });
      await writeFile(pathOf(runFolder), text);
      return [
        sealedFolder(join(runFolder, 'score'), seal.score),
        sealedFolder(join(runFolder, 'data', 'score'), partOf(seal.data, 'data', 'data/score')),
      ];
    },
    ofScorer: async (runFolder) => {
      const folders = [join(runFolder, 'score'), join(runFolder, 'data', 'score')];
      return Promise.all(folders.map(async (folder) => sealedFolder(folder, await takeFingerprint(folder))));
    },
    loadedOtherwise: async (runFolder, tree, loaded) => {
      const seal =
        seals.get(runFolder)?.seal ?? contentOf(await readJson(pathOf(runFolder), treeSealSchema, maxSealBytes));
      const free = new Set(seal?.free);
      return loaded.flatMap(({ path, hash }) => {
        const mark = seal?.[tree][path];
        const isOther = mark?.hash !== undefined && !mark.hash.startsWith('-> ') && mark.hash !== hash;
        return isOther && !free.has(`${tree}/${path}`) ? [`${tree}/${path}`] : [];
      });
    },
    findChanges: async (runFolder) => {
      const path = pathOf(runFolder);
      const known = seals.get(runFolder);
      seals.delete(runFolder);
      // Void although the seal is known from memory: the result must not depend on whether the controller was killed.
      if (known && !(await holds(path, known.text))) return 'spoiled';
      const seal = known?.seal ?? contentOf(await readJson(path, treeSealSchema, maxSealBytes));
      if (!seal) return 'spoiled';
      const found = places.map(({ key, folder, mayAdd }) => {
        return changesIn(runFolder, folder, partOf(seal[key] ?? {}, key, folder), mayAdd);
      });
      const free = new Set(seal.free);
      return (await Promise.all(found)).flat().filter((change) => !free.has(change.path));
    },
  };
}

/** The part of a seal that is about this folder. */
function partOf(seal: Fingerprint, key: string, folder: string): Fingerprint {
  if (folder === key) return seal;
  const prefix = `${folder.slice(key.length + 1)}/`;
  const marks = Object.entries(seal).filter(([path]) => path.startsWith(prefix));
  return Object.fromEntries(marks.map(([path, mark]) => [path.slice(prefix.length), mark]));
}

async function changesIn(
  runFolder: string,
  folder: string,
  before: Fingerprint,
  mayAdd: boolean,
): Promise<readonly TreeChange[]> {
  const root = join(runFolder, folder);
  const changes = await findChanges(root, tableOf(before), (await walkTree(root)).files);
  return changes
    .filter(({ kind }) => kind !== 'added' || !mayAdd)
    .map(({ path }) => ({ path: `${folder}/${path}`, name: path, ctime: lstatOf(join(root, path))?.ctimeMs }));
}

function within(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}

async function holds(path: string, text: string): Promise<boolean> {
  const file = await readBytes(path, maxSealBytes);
  return file.kind === 'read' && file.bytes.equals(Buffer.from(text));
}
