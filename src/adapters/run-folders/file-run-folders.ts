/**
 * Run folders on the local disk: `runs/<tag>/0007/run-1/` with `work/` (where training runs), `score/` (the same
 * commit, untouched by the training, where the scorer runs) and `output/` (what the training saves).
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { StudyError } from '../../core/base/errors.ts';
import { formatExperiment } from '../../core/base/format.ts';
import type { Brief } from '../../core/brief/brief.ts';
import { withTimeBudget } from '../../core/brief/karpathy-brief.ts';
import { declaredKnobs, knobsFile } from '../../core/space/declared/declared-knob.ts';
import { readKnobsFile } from '../../core/space/declared/knobs-file.ts';
import type { Engine, JobKey, Stage } from '../../ports/engine.ts';
import type { RunFolders, RunKey } from '../../ports/run-folders.ts';
import type { Workspace } from '../../ports/workspace.ts';
import { exists } from '../files/exists.ts';
import { readText, readTextEnd } from '../files/read-file.ts';
import { removeTree } from '../files/remove-tree.ts';
import { createBase } from './base.ts';
import { allowedEnvironment, withInterpreter } from './environment.ts';
import { readImports } from './own-tree.ts';
import {
  confirmationFolder,
  createHoldoutJob,
  createRunJob,
  createSmokeJob,
  holdoutKeyOf,
  importsPath,
  jobKeyOf,
} from './run-job.ts';
import { createTreeSeals } from './tree-seals.ts';

export interface RunFolderOptions {
  readonly brief: Brief;
  /** Absolute `runs/<tag>`. */
  readonly studyFolder: string;
  /** The sandbox's path in the repository, `.` when it is the repository. */
  readonly sandboxInRepository: string;
  /** Absolute path of the user's own sandbox folder, where `link:` paths are. */
  readonly userSandbox: string;
  readonly workspace: Workspace;
  /** The engine that runs the jobs: it knows which were started, and has their logs. */
  readonly engine: Pick<Engine, 'wasStarted' | 'poll' | 'readLogEnd'>;
  /** Absolute path of the python that runs use. */
  readonly interpreter: string;
  /** Nocturne's own environment; a run gets only the variables of an allowlist. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface FileRunFolders extends RunFolders {
  /**
   * Reads the seal that an earlier session wrote of the prepared data, before a script of this session can change it.
   * Throws a SettingsError when its file was spoiled.
   */
  readonly readSeal: () => Promise<void>;
}

const maxLogBytes = 1 << 20;

/** Folders for one study; the base is prepared once and shared by all runs through links. */
export function createRunFolders(options: RunFolderOptions): FileRunFolders {
  const { brief, studyFolder, workspace, engine, sandboxInRepository } = options;
  const environment = withInterpreter(allowedEnvironment(options.environment, brief.env), options.interpreter);
  const checkout = checkoutOf(options);
  const base = createBase({ ...options, environment, checkout });
  const { dataFolder, privateFolder } = base;
  const checkouts = [base.tree, checkout];
  const jobOptions = { ...options, environment, dataFolder, privateFolder, checkout, checkouts };
  const seals = createTreeSeals(brief.edit.map((file) => join(sandboxInRepository, file)));
  const folderOf = (key: RunKey) => jobKeyOf(studyFolder, key).folder;
  const readLog = (job: JobKey, stage: Stage['name']) => engine.readLogEnd(job, stage, maxLogBytes);

  const layTree = async (key: RunKey, tree: string) => {
    const folder = join(folderOf(key), tree);
    await mkdir(folder, { recursive: true });
    await workspace.materialise(key.commit, folder);
    await base.linkInto(join(folder, sandboxInRepository));
  };
  const importsOf = async (key: RunKey) => {
    const read = (stage: 'train' | 'score') => readImports(importsPath(folderOf(key), stage), sandboxInRepository);
    const [train, score] = await Promise.all([read('train'), read('score')]);
    return train.length + score.length === 0 ? {} : { imports: { train, score } };
  };
  const findChange = async (key: RunKey) =>
    (await base.mendSeal()) ?? (await base.findChange()) ?? (await seals.findChange(folderOf(key)));

  const declared = declaredKnobs(brief.knobs);
  const placesIn = (files: Readonly<Record<string, string>>) => ({
    knobs: declared,
    values: readKnobsFile(declared, files[knobsFile] ?? '') ?? {},
  });
  const placesAt = async (commit: string) => placesIn(declared.length === 0 ? {} : await workspace.read(commit));

  return {
    lay: async (key) => {
      const job = createRunJob(jobOptions, key, await placesAt(key.commit));
      if (await engine.wasStarted(job)) return job;
      await base.mendSeal();
      const changed = await base.findChange();
      if (changed !== undefined) throw dataChanged(changed);
      await removeTree(job.folder);
      await mkdir(join(job.folder, 'output'), { recursive: true });
      await Promise.all([layTree(key, 'work'), brief.score && layTree(key, 'score')]);
      if (key.budgetSeconds !== undefined) {
        for (const tree of brief.score ? ['work', 'score'] : ['work']) {
          await lengthen(join(job.folder, tree, sandboxInRepository), brief.edit, key.budgetSeconds);
        }
      }
      await seals.take(job.folder);
      return job;
    },
    laySmoke: async (key, files) => {
      const name = `smoke-${randomUUID().slice(0, 8)}`;
      const job = createSmokeJob(jobOptions, key, name, placesIn(files));
      const tree = join(job.folder, 'work');
      await mkdir(join(job.folder, 'output'), { recursive: true });
      await mkdir(tree, { recursive: true });
      await workspace.materialise(key.commit, tree);
      await base.linkInto(join(tree, sandboxInRepository));
      for (const [file, content] of Object.entries(files)) {
        await writeFile(join(tree, sandboxInRepository, file), content);
      }
      return job;
    },
    outputs: async (key) => ({
      trainLog: await readLog(jobKeyOf(studyFolder, key), 'train'),
      scoreLog: brief.score && (await readLog(jobKeyOf(studyFolder, key), 'score')),
      metricsJson: await readTextEnd(join(folderOf(key), 'output', 'metrics.json'), maxLogBytes),
      changed: await findChange(key),
      ...(await importsOf(key)),
    }),
    layHoldout: async (key, attempt) => {
      const job = createHoldoutJob(jobOptions, key, attempt, await placesAt(key.commit));
      if (!job || (await engine.wasStarted(job))) return job;
      const isThere = await Promise.all(['score', 'output'].map((tree) => exists(join(folderOf(key), tree))));
      if (isThere.includes(false)) return undefined;
      await mkdir(job.folder, { recursive: true });
      return job;
    },
    holdoutOutputs: async (key, attempt) => ({
      trainLog: '',
      scoreLog: await readLog(holdoutKeyOf(studyFolder, key, attempt), 'score'),
      metricsJson: undefined,
      changed: await findChange(key),
    }),
    discard: (experiment) => discardTrees(join(studyFolder, formatExperiment(experiment))),
    discardConfirmation: async (confirmation) => {
      const folder = join(studyFolder, confirmationFolder(confirmation));
      for (const contender of await readdir(folder).catch(() => [])) await discardTrees(join(folder, contender));
    },
    layBase: base.lay,
    sealBase: base.seal,
    readSeal: base.readSeal,
    baseLog: () => readLog(base.key, 'prepare'),
  };
}

/** The top level of the owner's repository. */
function checkoutOf({ userSandbox, sandboxInRepository }: RunFolderOptions): string {
  return resolve(userSandbox, relative(sandboxInRepository, '.'));
}

/** Writes another budget into the constant of the files that keep it there, as karpathy/autoresearch does. */
async function lengthen(sandbox: string, edit: readonly string[], budgetSeconds: number): Promise<void> {
  for (const file of new Set(['prepare.py', ...edit])) {
    const path = join(sandbox, file);
    const text = withTimeBudget((await readText(path)) ?? '', budgetSeconds);
    if (text !== undefined) await writeFile(path, text);
  }
}

/** Removes the trees of the runs in this folder: what they were given and what they saved. */
async function discardTrees(folder: string): Promise<void> {
  const runs = (await readdir(folder).catch(() => [])).filter((name) => /^run-\d+$/.test(name));
  const trees = runs.flatMap((run) => ['work', 'score', 'output'].map((tree) => join(folder, run, tree)));
  for (const tree of trees) await removeTree(tree);
}

function dataChanged(path: string): StudyError {
  return new StudyError(`The study's prepared data changed since it was prepared: ${path}.`, {
    hint: 'Its numbers are no longer comparable: put the file back as it was, or start a new study with --tag.',
  });
}
