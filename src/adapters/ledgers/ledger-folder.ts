/**
 * Finds the ledger in a folder: what trackers and searches write, or a file of a known name.
 */
import { join } from 'node:path';
import type { LedgerSource } from '../../core/imported/json-ledger.ts';
import { exists } from '../files/exists.ts';
import { mlflowSource } from './mlflow-folder.ts';
import { openEvolveFolder } from './open-evolve-folder.ts';
import { wandbSource } from './wandb-folder.ts';

export type FolderFinding =
  | { readonly kind: 'source'; readonly source: LedgerSource }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'nothing' };

/** Files that a folder of experiments has, the surest first. */
const knownFiles = [
  '.auto/log.jsonl',
  'autoresearch.jsonl',
  'results.tsv',
  'autoresearch/results.tsv',
  'journal.json',
  'autoresearch-results.tsv',
  'experiments.tsv',
  'results.csv',
];

/** What a folder holds. */
export async function folderSource(folder: string): Promise<FolderFinding> {
  for (const read of [mlflowSource, wandbSource, openEvolveFolder]) {
    for (const inside of [folder, join(folder, 'mlruns'), join(folder, 'wandb'), join(folder, 'openevolve_output')]) {
      const source = await read(inside);
      if (source !== undefined) return { kind: 'source', source };
    }
  }
  for (const name of knownFiles) {
    const path = join(folder, name);
    if (await exists(path)) return { kind: 'file', path };
  }
  return { kind: 'nothing' };
}
