/**
 * The data that a study's runs read and must not change: what `prepare` left, the study's `data/` and `private/`, and the
 * owner's own files under `link:`.
 *
 * What a run did to them is one run's: it is found, said, and put back where a copy was kept. What the baseline does is the
 * script's habit, and voids no run; the same from a candidate alone voids that candidate's run.
 */
import { join } from 'node:path';
import { type DataLayer, planLayer } from './data-layer.ts';
import { type DataRoot, placeOf, type Root } from './data-root.ts';
import { createDealer, type Doer, type Habits } from './deal-with-change.ts';
import { createFileTable, parentOf } from './file-table.ts';
import { findChanges, markOf } from './fingerprint.ts';
import { sealedPath } from './fixed-paths.ts';
import { createKeptFiles } from './kept-files.ts';
import { createRootLooker } from './look-at-root.ts';
import type { MarkedFolders } from './seal-file.ts';
import { type SealedPlace, sealedRoot } from './sealed-places.ts';
import { type Dealt, type Settlement, settlementOf } from './settlement.ts';

export interface FixedData {
  /** Fingerprints roots as they are, and keeps copies of their files. */
  readonly seal: (roots: readonly DataRoot[]) => Promise<void>;
  /** Takes over what was sealed before; roots without a fingerprint are sealed now. */
  readonly open: (
    sealed: readonly (DataRoot & { readonly marks: MarkedFolders | undefined })[],
    habits: Readonly<Record<keyof Habits, readonly string[]>>,
  ) => Promise<void>;
  /** Place of each root -> its marks. */
  readonly marks: () => ReadonlyMap<string, MarkedFolders>;
  readonly habits: Habits;
  /**
   * Looks for changes and deals with them. A look that is not thorough leaves out the files of folders that are linked whole,
   * while those folders have no new entries.
   */
  readonly settle: (doer: Doer, isThorough: boolean) => Promise<Settlement>;
  /** Whether a thorough look is worth its time so many milliseconds after the last one. */
  readonly isThoroughCheap: (milliseconds: number) => boolean;
  /** What no stage of a run may change, with its digests. */
  readonly sealed: () => Promise<readonly SealedPlace[]>;
  /** How runs are shown a root; undefined for one that is not there. */
  readonly layerOf: (place: string) => Promise<DataLayer>;
}

/** Files of one root that all are hashed and kept; of a larger one those that runs have links of their own for. */
const maxHashedFiles = 1000;
/** Files in all below which every look is thorough, and the share of a study's time that thorough looks may cost. */
const fewFiles = 5000;
const maxShare = 0.05;

/** The fixed data of the study in this folder; `nameOf` gives the name by which the owner knows a place. */
export function createFixedData(studyFolder: string, nameOf: (place: string) => string): FixedData {
  const roots = new Map<string, Root>();
  const habits: Habits = { files: new Set(), folders: new Set(), trees: new Set(), touched: new Set() };
  const kept = createKeptFiles(join(studyFolder, 'base', 'kept'), studyFolder);
  const { treeOf, layerOf, isQuiet, lookMilliseconds } = createRootLooker(studyFolder, habits);
  const isHabit = (root: Root, path: string) =>
    root.owner !== 'private' && habits.files.has(sealedPath(studyFolder, placeOf(root, path)));
  const dealWith = createDealer({ studyFolder, nameOf, habits, kept });

  const sealRoot = async ({ place, owner }: DataRoot): Promise<void> => {
    const root: Root = { place, owner, marks: createFileTable(), tree: undefined, layer: undefined };
    roots.set(place, root);
    const { files } = await treeOf(root);
    root.marks = files;
    const isHashed = owner === 'private' || files.size() <= maxHashedFiles;
    const chosen = isHashed ? [...files.entries()].map(([path]) => path) : (await layerOf(root)).linked;
    const entries = chosen.flatMap((path) => {
      const entry = files.get(path);
      return entry ? [{ path, place: placeOf(root, path), entry }] : [];
    });
    await kept.keep(
      entries.filter(({ entry }) => entry.kind === undefined).map((each) => ({ ...each, ...each.entry })),
    );
    for (const each of entries) root.marks.set(each.path, await markOf(each.place, each.entry));
  };

  const settleRoot = async (root: Root, doer: Doer): Promise<readonly Dealt[]> => {
    const tree = await treeOf(root);
    const layer = await layerOf(root);
    const found = await findChanges(root.place, root.marks, tree.files);
    const seen = found.filter(
      ({ path, kind }) => kind !== 'added' || root.owner !== 'owner' || layer.isWhole(parentOf(path)),
    );
    const dealt: Dealt[] = [];
    for (const change of seen) dealt.push(await dealWith(root, change, doer));
    // The next look is a thorough one: what was put back or aside has new times.
    if (seen.length > 0) Object.assign(root, { tree: undefined, layer: undefined });
    return dealt;
  };

  return {
    habits,
    seal: async (given) => {
      for (const root of given) await sealRoot(root);
    },
    open: async (sealed, known) => {
      for (const key of ['files', 'folders', 'trees', 'touched'] as const)
        for (const id of known[key]) habits[key].add(id);
      for (const { marks, ...root } of sealed) {
        if (marks) roots.set(root.place, { ...root, marks: createFileTable(marks), tree: undefined, layer: undefined });
        else await sealRoot(root);
      }
    },
    marks: () => new Map([...roots.values()].map(({ place, marks }) => [place, marks.folders])),
    settle: async (doer, isThorough) => {
      const dealt: Dealt[] = [];
      for (const root of roots.values()) {
        if (!(await isQuiet(root, isThorough))) dealt.push(...(await settleRoot(root, doer)));
      }
      return settlementOf(dealt, doer.kind === 'run');
    },
    isThoroughCheap: (milliseconds) => {
      const count = [...roots.values()].reduce((sum, { marks }) => sum + marks.size(), 0);
      return count <= fewFiles || lookMilliseconds() <= milliseconds * maxShare;
    },
    sealed: async () => {
      const places: SealedPlace[] = [];
      for (const root of roots.values()) {
        const isLarge = root.owner !== 'private' && root.marks.size() > fewFiles;
        const shown = isLarge ? new Set((await layerOf(root)).linked) : undefined;
        places.push(sealedRoot(root, (path) => (shown?.has(path) ?? true) && !isHabit(root, path)));
      }
      return places;
    },
    layerOf: async (place) => {
      const root = roots.get(place);
      return root
        ? layerOf(root)
        : planLayer({ files: new Map(), folders: [''], opaque: [], opened: new Set(), copied: new Set() });
    },
  };
}
