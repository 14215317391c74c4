/**
 * Run folders without source trees: a scripted engine executes nothing, so the only folder of a run is the one for its
 * logs.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatExperiment } from '../core/base/format.ts';
import type { Brief } from '../core/brief/brief.ts';
import type { Engine, Job, JobKey, Stage } from '../ports/engine.ts';
import type { RunFolders, RunKey } from '../ports/run-folders.ts';
import type { Workspace } from '../ports/workspace.ts';

/** A run whose folder was laid: its key, and the editable files of its candidate. */
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
  /** Absolute folder for the folders of jobs. */
  readonly folder: string;
  readonly workspace: Pick<Workspace, 'read'>;
  /** The engine that runs the jobs: it knows their state and has their logs. */
  readonly engine: Pick<Engine, 'poll' | 'readLogEnd'>;
  /** The fixed file that a run is to have changed; undefined for a run that changed none. */
  readonly changedBy?: ((run: RunKey) => string | undefined) | undefined;
}

/** Folders for one study; opened again on the same folder they know its runs. */
export function createMemoryRunFolders({
  brief,
  folder,
  workspace,
  engine,
  changedBy,
}: MemoryRunFolderOptions): MemoryRunFolders {
  const laid = new Map<string, LaidRun>();
  const discarded: number[] = [];
  const seal = join(folder, 'sealed');
  const graded = new Map<string, LaidRun>();
  const ownerOf = ({ experiment, confirmation }: RunKey) =>
    confirmation ? `confirm-${confirmation.confirmation}/${confirmation.contender}` : formatExperiment(experiment);
  const keyBelow = (id: string): JobKey => ({ id, folder: join(folder, id) });
  const base = keyBelow('base');
  const jobKeyOf = (key: RunKey) => keyBelow(`${ownerOf(key)}/run-${key.run}`);
  const holdoutKeyOf = (key: RunKey, attempt: number) => keyBelow(`${jobKeyOf(key).id}/holdout-${attempt}`);
  const jobOf = (key: JobKey, stages: readonly Stage[]): Job => {
    return { ...key, stages, limitSeconds: brief.timeoutSeconds };
  };
  const logOf = (job: JobKey, stage: Stage['name']) => engine.readLogEnd(job, stage, maxLogBytes);
  const stageOf = (name: Stage['name'], argv: readonly string[] = [], path = '', seed = 0): Stage => {
    return { name, argv, folder: path, env: { NOCTURNE_RUN_DIR: path, NOCTURNE_SEED: String(seed) } };
  };

  return {
    discarded,
    runOf: (job) => laid.get(job.folder),
    gradedBy: (job) => graded.get(job.folder),
    layBase: async () => {
      if (!brief.prepare || (await readText(seal)) !== undefined) return undefined;
      const job = jobOf(base, [stageOf('prepare', brief.prepare, base.folder)]);
      if ((await engine.poll(job, 0)).kind !== 'running') await rm(base.folder, { recursive: true, force: true });
      await mkdir(base.folder, { recursive: true });
      return job;
    },
    sealBase: async () => {
      await writeFile(seal, '');
    },
    baseLog: () => logOf(base, 'prepare'),
    lay: async (key) => {
      const job = jobKeyOf(key);
      laid.set(job.folder, { ...key, files: await workspace.read(key.commit) });
      await mkdir(job.folder, { recursive: true });
      const stages = [stageOf('train', brief.train, job.folder, key.seed)];
      if (brief.score) stages.push(stageOf('score', brief.score, job.folder, key.seed));
      return jobOf(job, stages);
    },
    outputs: async (key) => ({
      trainLog: await logOf(jobKeyOf(key), 'train'),
      scoreLog: brief.score && (await logOf(jobKeyOf(key), 'score')),
      metricsJson: await readText(join(jobKeyOf(key).folder, 'metrics.json')),
      changed: changedBy?.(key),
    }),
    layHoldout: async (key, attempt) => {
      if (!brief.score || discarded.includes(key.experiment)) return undefined;
      const job = holdoutKeyOf(key, attempt);
      graded.set(job.folder, { ...key, split: 'holdout', files: await workspace.read(key.commit) });
      await mkdir(job.folder, { recursive: true });
      return jobOf(job, [stageOf('score', brief.score, job.folder, key.seed)]);
    },
    holdoutOutputs: async (key, attempt) => ({
      trainLog: '',
      scoreLog: await logOf(holdoutKeyOf(key, attempt), 'score'),
      metricsJson: undefined,
      changed: changedBy?.(key),
    }),
    discard: async (experiment) => {
      discarded.push(experiment);
    },
    discardConfirmation: async () => {},
  };
}

const maxLogBytes = 1 << 20;

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
