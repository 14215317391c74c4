/**
 * What a study takes on the disk, and what of it can go without anything being lost that a later command needs.
 */
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sizeOf } from '../../adapters/files/size-of.ts';
import { openGit } from '../../adapters/git/git.ts';
import { findObjectsFolder } from '../../adapters/git/object-store.ts';
import { looseOf, packStudy } from '../../adapters/git/pack-study.ts';
import { findRepository } from '../../adapters/git/start-point.ts';
import { bytesOfTrees, discardTrees } from '../../adapters/run-folders/run-trees.ts';
import { formatExperiment } from '../../core/base/format.ts';
import { type TreesNeed, treesNeedOf } from '../../core/views/trees-needed.ts';
import type { FoundStudy } from '../study-folder/studies.ts';
import { withIdleStudy } from './idle-study.ts';

export interface DiskUse {
  /** Trees of runs by what they are needed for, with the experiments that have any. */
  readonly trees: Readonly<Record<TreesNeed, { readonly bytes: number; readonly experiments: readonly number[] }>>;
  /** What `prepare` made, which a session that goes on reads. */
  readonly prepared: number;
  /** What was set aside: journals and runs of before, by repairs and by studies that began anew. */
  readonly aside: number;
  /** All else: the journal, logs, results, reports. */
  readonly rest: number;
  /** Objects of the study in the repository that lie loose; packed they take less. */
  readonly looseObjects: number;
}

/** Reads it; changes nothing. */
export async function diskUseOf(study: FoundStudy): Promise<DiskUse> {
  const { folder, tag } = study;
  const row = () => ({ bytes: 0, experiments: [] as number[] });
  const trees = { open: row(), best: row(), ungraded: row(), keep: row(), nothing: row() } satisfies DiskUse['trees'];
  for (const record of study.history.experiments) {
    const bytes = await bytesOfTrees(folderOf(folder, record.experiment));
    if (bytes === 0) continue;
    const own = trees[treesNeedOf(study, record)];
    own.bytes += bytes;
    own.experiments.push(record.experiment);
  }
  const names = await readdir(folder);
  const sizes = async (pattern: RegExp) => {
    const found = await Promise.all(
      names.filter((name) => pattern.test(name)).map((name) => sizeOf(join(folder, name))),
    );
    return found.reduce((sum, size) => sum + size, 0);
  };
  const [prepared, aside, all] = [
    await sizes(/^(?:base|data|private)$/),
    await sizes(/^earlier$|^journal\./),
    await sizeOf(folder),
  ];
  const ofJournal = await sizeOf(join(folder, 'journal.jsonl'));
  const inTrees = Object.values(trees).reduce((sum, { bytes }) => sum + bytes, 0);
  const { git, objects } = await repositoryOf(folder);
  return {
    trees,
    prepared,
    aside: aside - ofJournal,
    rest: all - inTrees - prepared - (aside - ofJournal),
    looseObjects: (await looseOf(git, tag, objects)).length,
  };
}

/** Frees what nothing needs, with the weights of older keeps where that is asked; packs the objects of the study. */
export async function cleanStudy(study: FoundStudy, use: DiskUse, withWeights: boolean): Promise<void> {
  const { folder, tag } = study;
  await withIdleStudy(folder, tag, async () => {
    const unneeded = [...use.trees.nothing.experiments, ...(withWeights ? use.trees.keep.experiments : [])];
    for (const experiment of unneeded) await discardTrees(folderOf(folder, experiment));
    const { git, objects } = await repositoryOf(folder);
    await packStudy(git, { tag, objects, folder: join(folder, 'packing'), least: 1 });
  });
}

function folderOf(folder: string, experiment: number): string {
  return join(folder, formatExperiment(experiment));
}

async function repositoryOf(folder: string) {
  const git = openGit(await findRepository(dirname(dirname(folder))));
  return { git, objects: await findObjectsFolder(git) };
}
