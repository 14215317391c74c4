/**
 * Run folders without trees: a scripted engine executes nothing, so nothing is laid out but the folder that it prints into.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatExperiment } from '../core/base/format.ts';
import type { Brief } from '../core/brief/brief.ts';
import type { Job, Stage } from '../ports/engine.ts';
import type { RunFolders, RunKey } from '../ports/run-folders.ts';
import type { Workspace } from '../ports/workspace.ts';

/** A laid run: which it is, and the editable files of its candidate. */
export interface LaidRun extends RunKey {
  readonly files: Readonly<Record<string, string>>;
}

export interface MemoryRunFolders extends RunFolders {
  /** The run of a job that was laid; undefined for the job of `prepare`. */
  readonly runOf: (job: Job) => LaidRun | undefined;
  /** Experiments whose trees were removed, in order. */
  readonly discarded: readonly number[];
  /** The run whose weights a job grades on the holdout. */
  readonly gradedBy: (job: Job) => LaidRun | undefined;
}

export interface MemoryRunFolderOptions {
  readonly brief: Brief;
  /** Absolute folder for logs and results. */
  readonly folder: string;
  readonly workspace: Pick<Workspace, 'read'>;
  /** What the run is said to have changed; undefined for an honest one. */
  readonly changedBy?: ((run: RunKey) => string | undefined) | undefined;
}

/** Folders for one study; whoever is given the same folder finds its runs again. */
export function createMemoryRunFolders({
  brief,
  folder,
  workspace,
  changedBy,
}: MemoryRunFolderOptions): MemoryRunFolders {
  const laid = new Map<string, LaidRun>();
  const discarded: number[] = [];
  const base = join(folder, 'base');
  const seal = join(folder, 'sealed');
  const graded = new Map<string, LaidRun>();
  const ownerOf = ({ experiment, confirmation }: RunKey) =>
    confirmation ? `confirm-${confirmation.confirmation}/${confirmation.contender}` : formatExperiment(experiment);
  const folderOf = (key: RunKey) => join(folder, ownerOf(key), `run-${key.run}`);
  const jobIn = (path: string, id: string, stages: readonly Stage[]): Job => {
    return { id, folder: path, stages, limitSeconds: brief.timeoutSeconds };
  };
  const stageOf = (name: Stage['name'], argv: readonly string[] = [], path = '', seed = 0): Stage => {
    return { name, argv, folder: path, env: { NOCTURNE_RUN_DIR: path, NOCTURNE_SEED: String(seed) } };
  };

  return {
    discarded,
    runOf: (job) => laid.get(job.folder),
    gradedBy: (job) => graded.get(job.folder),
    layBase: async () => {
      if (!brief.prepare || (await readText(seal)) !== undefined) return undefined;
      const result = await readText(join(base, 'result.json'));
      if (result !== undefined) await rm(base, { recursive: true, force: true });
      await mkdir(base, { recursive: true });
      return jobIn(base, 'base', [stageOf('prepare', brief.prepare, base)]);
    },
    sealBase: async () => {
      await writeFile(seal, '');
    },
    baseLog: async () => (await readText(join(base, 'prepare.log'))) ?? '',
    lay: async (key) => {
      const path = folderOf(key);
      laid.set(path, { ...key, files: await workspace.read(key.commit) });
      await mkdir(path, { recursive: true });
      const stages = [stageOf('train', brief.train, path, key.seed)];
      if (brief.score) stages.push(stageOf('score', brief.score, path, key.seed));
      return jobIn(path, `${ownerOf(key)}/run-${key.run}`, stages);
    },
    outputs: async (key) => ({
      trainLog: (await readText(join(folderOf(key), 'train.log'))) ?? '',
      scoreLog: brief.score ? ((await readText(join(folderOf(key), 'score.log'))) ?? '') : undefined,
      metricsJson: await readText(join(folderOf(key), 'metrics.json')),
      changed: changedBy?.(key),
    }),
    layHoldout: async (key, attempt) => {
      if (!brief.score || discarded.includes(key.experiment)) return undefined;
      const path = join(folderOf(key), `holdout-${attempt}`);
      graded.set(path, { ...key, split: 'holdout', files: await workspace.read(key.commit) });
      await mkdir(path, { recursive: true });
      return jobIn(path, `${ownerOf(key)}/run-${key.run}/holdout-${attempt}`, [
        stageOf('score', brief.score, path, key.seed),
      ]);
    },
    holdoutOutputs: async (key, attempt) => ({
      trainLog: '',
      scoreLog: (await readText(join(folderOf(key), `holdout-${attempt}`, 'score.log'))) ?? '',
      metricsJson: undefined,
      changed: changedBy?.(key),
    }),
    discard: async (experiment) => {
      discarded.push(experiment);
    },
    discardConfirmation: async () => {},
  };
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
