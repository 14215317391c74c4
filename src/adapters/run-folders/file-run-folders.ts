/**
 * Run folders on the local disk: `runs/<tag>/0007/run-1/` with `work/` (where training runs), `score/` (the same
 * commit, untouched by the training, where the scorer runs), `data/` (the study's data as each of the two sees it) and
 * `output/` (what the training saves).
 */

import { randomUUID } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { formatExperiment } from '../../core/base/format.ts';
import type { Brief } from '../../core/brief/brief.ts';
import { withTimeBudget } from '../../core/brief/karpathy/time-budget.ts';
import type { Import } from '../../core/run/what-ran.ts';
import { declaredKnobs, knobsFile } from '../../core/space/declared/declared-knob.ts';
import { readKnobsFile } from '../../core/space/declared/knobs-file.ts';
import type { Engine, Job, JobKey, Stage } from '../../ports/engine.ts';
import type { RunFolders, RunKey } from '../../ports/run-folders.ts';
import type { Workspace } from '../../ports/workspace.ts';
import { createRunCages, type RunAbout, type RunCagesOptions } from '../cages/run-cages.ts';
import { exists } from '../files/exists.ts';
import { readText, readTextEnd } from '../files/read-file.ts';
import { removeTree } from '../files/remove-tree.ts';
import { isNotebook } from '../notebooks/notebook.ts';
import { writeView } from '../notebooks/write-view.ts';
import type { Slots } from '../slots/slot.ts';
import { wasAskedApart } from './asked-apart.ts';
import { createBase } from './base.ts';
import { createBetweenStages } from './between-stages.ts';
import { allowedEnvironment, withInterpreter } from './environment.ts';
import { createChangeFinder, type Found } from './find-what-changed.ts';
import { walkTree } from './fingerprint.ts';
import { inTurn } from './in-turn.ts';
import { markMetricFile, readMetricFile } from './metric-file.ts';
import { requireModelCaged } from './model-cage.ts';
import { readImports, readLoaded } from './own-tree.ts';
import {
  confirmationFolder,
  createHoldoutJob,
  createRunJob,
  createSmokeJob,
  dataFolderOf,
  holdoutKeyOf,
  importsPath,
  jobKeyOf,
} from './run-job.ts';
import { discardTrees } from './run-trees.ts';
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
  /** What runs at once have of the machine each; absent where a lone run has all of it. */
  readonly slots?: Slots;
  /** What keeps runs from the rest of the machine, and what they may reach follows from; absent for runs with the owner's rights. */
  readonly caging?: Pick<RunCagesOptions, 'isolation' | 'root' | 'include' | 'start' | 'outside'>;
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
  const cages = options.caging && createRunCages({ ...options, ...options.caging, checkout, given: environment });
  const base = createBase({ ...options, environment, checkout });
  const checkouts = [base.tree, checkout];
  const jobOptions = { ...options, environment, privateFolder: base.privateFolder, checkout, checkouts };
  const seals = createTreeSeals(brief.edit.map((file) => join(sandboxInRepository, file)));
  const folderOf = (key: RunKey) => jobKeyOf(studyFolder, key).folder;
  const readLog = (job: JobKey, stage: Stage['name']) => engine.readLogEnd(job, stage, maxLogBytes);

  const changes = createChangeFinder({ base, seals, studyFolder, folderOf });
  const { TMPDIR: temporary } = environment;
  const between = createBetweenStages({ ...options, base, temporary, checkout });
  const isBaseline = (key: RunKey) => key.experiment === 0;
  /** What voids a run whose job ended, by what was found between its stages and by a look at what is there now. */
  const changedBy = async (key: RunKey, job: Job): Promise<Found> => {
    const found = await between.findChanged(job, folderOf(key), changes.isLearning(key));
    const after = await changes.afterRun(key, found?.isOwn ? undefined : found?.name);
    return found?.isOwn ? { changed: found.name } : after;
  };

  const layTree = async (commit: string, folder: string, tree: 'work' | 'score'): Promise<readonly string[]> => {
    const place = join(folder, tree);
    await mkdir(place, { recursive: true });
    const ownFiles = brief.metric.file === undefined ? [] : [brief.metric.file];
    const shown = [...(await base.shownPaths()), ...ownFiles].map((path) => join(sandboxInRepository, path));
    await workspace.materialise(commit, place, { ignored: shown });
    const copies = await base.linkInto(join(place, sandboxInRepository));
    return [...copies, ...(await base.showData(dataFolderOf(folder, tree)))];
  };
  const importsOf = async (key: RunKey) => {
    const read = async (stage: 'train' | 'score', tree: 'work' | 'score') => {
      const [folder, record] = [folderOf(key), importsPath(folderOf(key), stage)];
      const loaded = isBaseline(key) ? [] : await seals.loadedOtherwise(folder, tree, await readLoaded(record));
      const others = loaded.filter((path) => !base.habits.trees.has(path)).map((path) => otherFile(path, folder));
      return [...(await readImports(record, sandboxInRepository)), ...others];
    };
    const otherFile = (path: string, folder: string): Import => ({
      kind: 'other',
      file: relative(sandboxInRepository, path.slice(path.indexOf('/') + 1)),
      path: join(folder, path),
    });
    const [train, score] = await Promise.all([read('train', 'work'), read('score', 'score')]);
    return train.length + score.length === 0 ? {} : { imports: { train, score } };
  };

  /** Without a cage training could have written the mark itself. */
  const whetherApart = async (folder: string, imports: readonly Import[]) =>
    cages !== undefined && (await wasAskedApart(folder, imports)) ? { isScoredApart: true } : {};

  const caged = async (job: Job, about: Omit<RunAbout, 'scorerWrites'>): Promise<Job> => {
    const { trees, touched } = base.habits;
    const scorerWrites = touched.size > 0 || [...trees].some((path) => /^(?:data\/)?score\//.test(path));
    return cages === undefined ? job : cages.run(job, { ...about, scorerWrites });
  };
  /** Whether it runs the owner's own code, and no run of that has ended well: what it writes is then learned, not judged. */
  const isFirst = async (key: RunKey) =>
    isBaseline(key) && key.confirmation === undefined && (await base.caches()) === undefined;
  /** The files of the training's tree that it must leave as they are, as far as no baseline changed them too. */
  const fixedIn = async (folder: string, copies: readonly string[]): Promise<string[]> => {
    if (cages === undefined) return [];
    const { metric, edit } = brief;
    const own = [...edit, ...(metric.file === undefined ? [] : [metric.file])].map((file) =>
      join(sandboxInRepository, file),
    );
    const free = new Set([...own.map((path) => join(folder, 'work', path)), ...copies]);
    const { files } = await walkTree(join(folder, 'work'));
    return [...files.entries()].flatMap(([path, { kind }]) => {
      const place = join(folder, 'work', path);
      return kind !== undefined || free.has(place) || base.habits.trees.has(`work/${path}`) ? [] : [place];
    });
  };

  const declared = declaredKnobs(brief.knobs);
  /** The values at a commit; `changed` are files that a run has in place of the commit's. */
  const placesAt = async (commit: string, changed: Readonly<Record<string, string>> = {}) => {
    const files = declared.length === 0 ? {} : { ...(await workspace.read(commit)), ...changed };
    return { knobs: declared, values: readKnobsFile(declared, files[knobsFile] ?? '') ?? {} };
  };

  const metricFileIn = (folder: string, file: string) => join(folder, 'work', sandboxInRepository, file);

  const looking = inTurn({
    lay: async (key: RunKey) => {
      const places = await placesAt(key.commit);
      const known = createRunJob(jobOptions, key, places);
      if (await engine.wasStarted(known)) {
        if ((await engine.poll(known, 0)).kind === 'running') changes.noteRun(key, true);
        return known;
      }
      await changes.beforeRun();
      await removeTree(known.folder);
      await mkdir(join(known.folder, 'output'), { recursive: true });
      const job = createRunJob(jobOptions, key, places, await between.layScratch(known.folder, isBaseline(key)));
      const laid = brief.score ? (['work', 'score'] as const) : (['work'] as const);
      const copies = await Promise.all(laid.map((tree) => layTree(key.commit, job.folder, tree)));
      if (key.budgetSeconds !== undefined) {
        for (const tree of laid) {
          await lengthen(join(job.folder, tree, sandboxInRepository), brief.edit, key.budgetSeconds);
        }
      }
      if (brief.metric.file !== undefined) await markMetricFile(metricFileIn(job.folder, brief.metric.file));
      const trees = await seals.take(job.folder, copies.flat());
      changes.noteRun(key, false);
      const shut = await caged(job, { isFirst: await isFirst(key), fixed: await fixedIn(job.folder, copies.flat()) });
      return between.seal(shut, isBaseline(key), trees);
    },
    laySmoke: async (key: RunKey, files: Readonly<Record<string, string>>) => {
      const name = `smoke-${randomUUID().slice(0, 8)}`;
      changes.noteSmokeRun();
      const places = await placesAt(key.commit, files);
      const { folder } = createSmokeJob(jobOptions, key, name);
      await mkdir(join(folder, 'output'), { recursive: true });
      const job = createSmokeJob(jobOptions, key, name, places, await between.laySmokeScratch(folder));
      await layTree(key.commit, job.folder, 'work');
      for (const [file, content] of Object.entries(files)) {
        const path = join(job.folder, 'work', sandboxInRepository, file);
        // A draft of a notebook is the text of its cells.
        await writeFile(path, isNotebook(file) ? writeView(file, (await readText(path)) ?? '', content) : content);
      }
      return caged(job, { isFirst: false, fixed: [] });
    },
    outputs: async (key: RunKey) => {
      if (cages) await requireModelCaged(engine, jobKeyOf(studyFolder, key));
      const imports = await importsOf(key);
      return {
        trainLog: await readLog(jobKeyOf(studyFolder, key), 'train'),
        scoreLog: brief.score && (await readLog(jobKeyOf(studyFolder, key), 'score')),
        metricsJson: await readTextEnd(join(folderOf(key), 'output', 'metrics.json'), maxLogBytes),
        ...(brief.metric.file === undefined
          ? {}
          : { metricFile: await readMetricFile(metricFileIn(folderOf(key), brief.metric.file), maxLogBytes) }),
        ...(await changedBy(key, createRunJob(jobOptions, key))),
        ...imports,
        ...(brief.score && (await whetherApart(folderOf(key), imports.imports?.score ?? []))),
      };
    },
    layHoldout: async (key: RunKey, attempt: number) => {
      const known = createHoldoutJob(jobOptions, key, attempt);
      if (!known || (await engine.wasStarted(known))) return known;
      const folder = folderOf(key);
      // The scorer's tree is laid anew below, and a controller that dies meanwhile leaves none.
      if (!(await exists(join(folder, 'output')))) return undefined;
      await mkdir(known.folder, { recursive: true });
      // Other runs trained since it was laid out.
      for (const each of [join(folder, 'score'), dataFolderOf(folder, 'score')]) await removeTree(each);
      await layTree(key.commit, folder, 'score');
      if (key.budgetSeconds !== undefined)
        await lengthen(join(folder, 'score', sandboxInRepository), brief.edit, key.budgetSeconds);
      const scratch = await between.layScratch(known.folder, isBaseline(key));
      const job = createHoldoutJob(jobOptions, key, attempt, await placesAt(key.commit), scratch);
      const shut = job && (await caged(job, { isFirst: false, fixed: [] }));
      return shut && between.seal(shut, isBaseline(key), await seals.ofScorer(folder));
    },
    holdoutOutputs: async (key: RunKey, attempt: number) => {
      const job = createHoldoutJob(jobOptions, key, attempt);
      if (cages && job) await requireModelCaged(engine, job);
      return {
        trainLog: '',
        scoreLog: await readLog(holdoutKeyOf(studyFolder, key, attempt), 'score'),
        metricsJson: undefined,
        ...(job ? await changedBy(key, job) : { changed: undefined }),
        ...(job &&
          (await whetherApart(job.folder, await readImports(importsPath(job.folder, 'score'), sandboxInRepository)))),
      };
    },
    verify: changes.verify,
    lookAtStop: changes.lookAtStop,
    layBase: async (start: string) => {
      const job = await base.lay(start);
      if (!job || !cages || (await engine.wasStarted(job))) return job;
      return cages.prepare(job);
    },
    sealBase: async () => {
      if (await base.seal()) changes.noteSeal();
    },
  });

  return {
    ...looking,
    dataRemarks: changes.dataRemarks,
    discard: (experiment) => discardTrees(join(studyFolder, formatExperiment(experiment))),
    discardConfirmation: async (confirmation, only) => {
      const folder = join(studyFolder, confirmationFolder(confirmation));
      if (only) return discardTrees(join(folder, only.contender), only.run);
      for (const contender of await readdir(folder).catch(() => [])) await discardTrees(join(folder, contender));
    },
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
  for (const file of new Set(['prepare.py', 'config.py', ...edit])) {
    const path = join(sandbox, file);
    const text = withTimeBudget((await readText(path)) ?? '', budgetSeconds);
    if (text !== undefined) await writeFile(path, text);
  }
}
