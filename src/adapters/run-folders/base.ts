/**
 * The base of a study: the files that `prepare` made, once, and that are shown to every run.
 *
 * It also knows the study's fixed data (`data/`, `private/`, the `link:` paths) and whether any of it has changed.
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { SettingsError } from '../../core/base/errors.ts';
import type { Brief } from '../../core/brief/brief.ts';
import type { Argv } from '../../core/journal/settings/argv.ts';
import type { Engine, Job, JobKey } from '../../ports/engine.ts';
import type { Workspace } from '../../ports/workspace.ts';
import { pathInside } from '../files/path-inside.ts';
import { readJson } from '../files/read-json.ts';
import { removeTree } from '../files/remove-tree.ts';
import { bytecodeOf, type KeptCaches, keepCaches } from './baseline-caches.ts';
import type { DataRoot } from './data-root.ts';
import type { Doer, Habits } from './deal-with-change.ts';
import { withoutBytecode } from './environment.ts';
import { createFixedData } from './fixed-data.ts';
import { pathsHere, sealedPath } from './fixed-paths.ts';
import { gitVariables } from './git-variables.ts';
import { linkUserPaths, requireLinks } from './link-paths.ts';
import { createSealFile } from './seal-file.ts';
import { type SealedPlace, sealedFolder } from './sealed-places.ts';
import type { Settlement } from './settlement.ts';
import { stageCommand } from './stage-command.ts';

export interface Base {
  /** The job of `prepare`, as the engine knows it. */
  readonly key: JobKey;
  readonly dataFolder: string;
  readonly privateFolder: string;
  /** What `prepare` ran in, laid out as the repository: what it installed from there is the base's code. */
  readonly tree: string;
  /** The job of `prepare`, in a fresh base folder unless it runs already; undefined when nothing is left to prepare. */
  readonly lay: (start: string) => Promise<Job | undefined>;
  /** Records what is there; false when that was done before. */
  readonly seal: () => Promise<boolean>;
  /** Reads the seal of an earlier session, if there is one. Throws a SettingsError when its file was spoiled. */
  readonly readSeal: () => Promise<void>;
  /** Writes the seal back to the disk if its file was changed, and then returns the file's name. */
  readonly mendSeal: () => Promise<string | undefined>;
  /** What `linkInto` shows, relative to the sandbox. */
  readonly shownPaths: () => Promise<readonly string[]>;
  /** Shows what `prepare` made, and the `link:` paths, to a run's sandbox folder; gives the places of the run's own copies. */
  readonly linkInto: (sandbox: string) => Promise<readonly string[]>;
  /** Shows the study's data folder in another one; gives the places of copies. */
  readonly showData: (folder: string) => Promise<readonly string[]>;
  /** The fixed data that no stage of a run may change. */
  readonly sealed: () => Promise<readonly SealedPlace[]>;
  /** Looks for fixed data that changed, and deals with it. */
  readonly settle: (doer: Doer, isThorough: boolean) => Promise<Settlement>;
  readonly isThoroughCheap: (milliseconds: number) => boolean;
  /** What the script is known to write beside its own files; what is added is kept by `saveHabits`. */
  readonly habits: Habits;
  readonly saveHabits: () => Promise<void>;
  /** What compilers left of the baseline's run; undefined until it is kept. */
  readonly caches: () => Promise<KeptCaches | undefined>;
  /** Keeps what the compilers left of this run of the baseline, the first time. */
  readonly keepCaches: (runFolder: string) => Promise<void>;
  /** Forgets what was prepared, so that the next session prepares anew. */
  readonly unseal: () => Promise<void>;
}

export interface BaseOptions {
  readonly brief: Brief;
  readonly studyFolder: string;
  readonly sandboxInRepository: string;
  readonly userSandbox: string;
  readonly workspace: Workspace;
  readonly engine: Pick<Engine, 'wasStarted' | 'poll'>;
  readonly interpreter: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The top level of the owner's repository, absolute. */
  readonly checkout: string;
}

/** How long `prepare` may take: it may download for hours, but after a day it is taken to hang. */
const prepareLimitSeconds = 86_400;

/** The base of the study in this folder. */
export function createBase(options: BaseOptions): Base {
  const { brief, studyFolder, userSandbox, workspace, engine } = options;
  const folder = join(studyFolder, 'base');
  const tree = join(folder, 'tree');
  const sandbox = join(tree, options.sandboxInRepository);
  const trackedPath = join(folder, 'tracked.json');
  const seal = createSealFile(folder);
  const dataFolder = join(studyFolder, 'data');
  const privateFolder = join(studyFolder, 'private');
  const data = createFixedData(studyFolder, (place) => nameFor(options, place));
  const linkRoots = brief.link.map((path): DataRoot => ({ place: join(userSandbox, path), owner: 'owner' }));
  let isOpen = false;
  let caches: KeptCaches | undefined;

  const rootsOf = (leftovers: readonly string[]): DataRoot[] => [
    ...leftovers.map((path): DataRoot => ({ place: join(sandbox, path), owner: 'study' })),
    { place: dataFolder, owner: 'study' },
    { place: privateFolder, owner: 'private' },
    ...linkRoots,
  ];
  const save = async (leftovers: readonly string[]) => {
    const fixed = [...data.marks()].map(([place, marks]) => [sealedPath(studyFolder, place), marks]);
    const { files, folders, trees, touched } = data.habits;
    const habits = { files: [...files], folders: [...folders], trees: [...trees], touched: [...touched] };
    await seal.write({ leftovers: [...leftovers], fixed: Object.fromEntries(fixed), habits, caches });
  };
  const open = async () => {
    const { leftovers, fixed, habits, caches: kept } = await seal.read();
    if (isOpen) return leftovers;
    caches = kept;
    const places = pathsHere(studyFolder, Object.keys(fixed));
    const marks = new Map(Object.values(fixed).map((each, index) => [places[index], each]));
    const sealed = rootsOf(leftovers).map((root) => ({ ...root, marks: marks.get(root.place) }));
    const { files = [], folders = [], trees = [], touched = [] } = habits ?? {};
    await data.open(sealed, { files, folders, trees, touched });
    isOpen = true;
    // A path that the brief links since the last session is sealed now.
    if (sealed.some((root) => root.marks === undefined)) await save(leftovers);
    return leftovers;
  };

  const key = { id: 'base', folder };
  return {
    key,
    dataFolder,
    privateFolder,
    tree,
    habits: data.habits,
    isThoroughCheap: data.isThoroughCheap,
    lay: async (start) => {
      if (await seal.isThere()) return undefined;
      await requireLinks(brief.link, userSandbox, studyFolder);
      const given = {
        ...options.environment,
        ...gitVariables(folder),
        ...withoutBytecode,
        NOCTURNE_RUN_DIR: folder,
        NOCTURNE_DATA_DIR: dataFolder,
        NOCTURNE_PRIVATE_DIR: privateFolder,
      };
      const editable = brief.edit.map((file) => join(options.sandboxInRepository, file));
      const ownTree = { tree, checkouts: [options.checkout], editable, record: join(folder, 'prepare-imports.tsv') };
      const commandOf = (argv: Argv) =>
        stageCommand({ ...options, argv, folder: sandbox, environment: given, ownTree });
      const job = brief.prepare && {
        ...key,
        stages: [{ name: 'prepare' as const, ...commandOf(brief.prepare), folder: sandbox }],
        limitSeconds: prepareLimitSeconds,
      };
      if (job && (await isRunning(engine, job))) return job;
      await removeTree(folder);
      for (const each of [tree, dataFolder, privateFolder]) await mkdir(each, { recursive: true });
      const ignored = brief.link.map((path) => join(options.sandboxInRepository, path));
      await workspace.materialise(start, tree, { ignored });
      await linkUserPaths(brief.link, userSandbox, sandbox);
      await writeFile(trackedPath, JSON.stringify(await listPaths(sandbox)));
      return job;
    },
    seal: async () => {
      if (await seal.isThere()) return false;
      const tracked = await readTracked(trackedPath);
      const leftovers = topmost((await listPaths(sandbox)).filter((path) => !tracked.has(path)));
      await data.seal(rootsOf(leftovers));
      isOpen = true;
      await save(leftovers);
      return true;
    },
    readSeal: async () => {
      if (await seal.isThere()) await seal.read();
    },
    mendSeal: seal.mend,
    shownPaths: async () => [...(await open()), ...brief.link],
    linkInto: async (target) => {
      const leftovers = await open();
      const shown = [
        ...leftovers.map((path) => [sandbox, path] as const),
        ...brief.link.map((path) => [userSandbox, path] as const),
      ];
      const copies: string[] = [];
      for (const [folder, path] of shown) {
        const from = join(folder, path);
        copies.push(...(await (await data.layerOf(from)).lay(from, join(target, path))));
      }
      return copies;
    },
    showData: async (target) => {
      await open();
      return (await data.layerOf(dataFolder)).lay(dataFolder, target);
    },
    sealed: async () => {
      await open();
      return [...(await data.sealed()), ...(caches ? [sealedFolder(bytecodeOf(folder), caches.bytecode)] : [])];
    },
    caches: async () => {
      await open();
      return caches;
    },
    keepCaches: async (runFolder) => {
      const leftovers = await open();
      if (caches) return;
      caches = await keepCaches(folder, runFolder);
      await save(leftovers);
    },
    settle: async (doer, isThorough) => {
      const leftovers = await open();
      const settlement = await data.settle(doer, isThorough);
      if (settlement.isNew) await save(leftovers);
      return settlement;
    },
    saveHabits: async () => save(await open()),
    unseal: seal.forget,
  };
}

/** What the owner calls a place: from the sandbox where it is in it, else from the study's folder. */
function nameFor({ userSandbox, studyFolder }: BaseOptions, place: string): string {
  const inStudy = pathInside(studyFolder, place);
  if (inStudy !== undefined) return join('runs', basename(studyFolder), inStudy);
  return relative(userSandbox, place);
}

/** Whether `prepare` was started by an earlier session and has not ended. */
async function isRunning(engine: BaseOptions['engine'], job: Job): Promise<boolean> {
  if (!(await engine.wasStarted(job))) return false;
  const { kind } = await engine.poll(job, 0);
  return kind === 'queued' || kind === 'running';
}

/** The paths that the sandbox had before `prepare`. Throws when `prepare` spoiled the file that lists them. */
async function readTracked(path: string): Promise<ReadonlySet<string>> {
  const file = await readJson(path, z.array(z.string()));
  if (file.kind === 'read') return new Set(file.value);
  const found = file.kind === 'absent' ? 'no file' : file.found;
  throw new SettingsError(`${path} must list what was in the sandbox before \`prepare\`, found ${found}.`, {
    hint: 'Run the study again: `prepare` then starts anew in a fresh folder.',
  });
}

/** All paths below a folder, folders before what is in them; links are not followed. */
async function listPaths(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  // The tree's own repository is none of its files.
  return paths.filter((path) => path !== '.git' && !path.startsWith('.git/')).sort();
}

function topmost(paths: readonly string[]): string[] {
  const known = new Set(paths);
  return paths.filter((path) => !known.has(dirname(path)));
}
