/**
 * The base of a study: the files that `prepare` made, once, and that are linked into every run's folder.
 *
 * It also knows the study's fixed data (`data/`, `private/`, the `link:` paths) and whether any of it has changed.
 */
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { BriefError, SettingsError } from '../../core/base/errors.ts';
import type { Brief } from '../../core/brief/brief.ts';
import type { Engine, Job, JobKey } from '../../ports/engine.ts';
import type { Workspace } from '../../ports/workspace.ts';
import { exists } from '../files/exists.ts';
import { readJson } from '../files/read-json.ts';
import { removeTree } from '../files/remove-tree.ts';
import { withoutBytecode } from './environment.ts';
import { type Fingerprint, findChange, takeFingerprint } from './fingerprint.ts';
import { pathsHere, sealedPath } from './fixed-paths.ts';
import { withOwnTree } from './own-tree.ts';
import { withProjectTools } from './project-tools.ts';
import { resolveArgv } from './run-job.ts';
import { createSealFile } from './seal-file.ts';

export interface Base {
  /** The job of `prepare`, as the engine knows it. */
  readonly key: JobKey;
  readonly dataFolder: string;
  readonly privateFolder: string;
  /** What `prepare` ran in, laid out as the repository: what it installed from there is the base's code. */
  readonly tree: string;
  /** The job of `prepare`, in a fresh base folder unless it runs already; undefined when nothing is left to prepare. */
  readonly lay: (start: string) => Promise<Job | undefined>;
  readonly seal: () => Promise<void>;
  /** Reads the seal of an earlier session, if there is one. Throws a SettingsError when its file was spoiled. */
  readonly readSeal: () => Promise<void>;
  /** Writes the seal back to the disk if its file was changed, and then returns the file's name. */
  readonly mendSeal: () => Promise<string | undefined>;
  /** Links what `prepare` made, and the `link:` paths, into a run's sandbox folder. */
  readonly linkInto: (sandbox: string) => Promise<void>;
  /** The first fixed file that differs from the seal; undefined when none does. */
  readonly findChange: () => Promise<string | undefined>;
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

  const key = { id: 'base', folder };
  return {
    key,
    dataFolder,
    privateFolder,
    tree,
    lay: async (start) => {
      if (await seal.isThere()) return undefined;
      await requireLinks(brief.link, userSandbox);
      const given = {
        ...options.environment,
        ...withoutBytecode,
        NOCTURNE_RUN_DIR: folder,
        NOCTURNE_DATA_DIR: dataFolder,
        NOCTURNE_PRIVATE_DIR: privateFolder,
      };
      const { interpreter, checkout } = options;
      const editable = brief.edit.map((file) => join(options.sandboxInRepository, file));
      const record = join(folder, 'prepare-imports.tsv');
      const env = withOwnTree(withProjectTools(given, brief.prepare ?? [], interpreter, checkout), {
        tree,
        checkouts: [checkout],
        editable,
        record,
      });
      const job = brief.prepare && {
        ...key,
        stages: [
          { name: 'prepare' as const, argv: resolveArgv(brief.prepare, options.interpreter), folder: sandbox, env },
        ],
        limitSeconds: prepareLimitSeconds,
      };
      if (job && (await isRunning(engine, job))) return job;
      await removeTree(folder);
      for (const each of [tree, dataFolder, privateFolder]) await mkdir(each, { recursive: true });
      await workspace.materialise(start, tree);
      await linkUserPaths(brief.link, userSandbox, sandbox);
      await writeFile(trackedPath, JSON.stringify(await listPaths(sandbox)));
      return job;
    },
    seal: async () => {
      if (await seal.isThere()) return;
      const tracked = await readTracked(trackedPath);
      const leftovers = topmost((await listPaths(sandbox)).filter((path) => !tracked.has(path)));
      const fixedPaths = [...leftovers.map((path) => join(sandbox, path)), dataFolder, privateFolder];
      fixedPaths.push(...brief.link.map((path) => join(userSandbox, path)));
      const fixed: Record<string, Fingerprint> = {};
      for (const path of fixedPaths) fixed[sealedPath(studyFolder, path)] = await takeFingerprint(path);
      await seal.write({ leftovers, fixed });
    },
    readSeal: async () => {
      if (await seal.isThere()) await seal.read();
    },
    mendSeal: seal.mend,
    linkInto: async (target) => {
      const { leftovers } = await seal.read();
      for (const path of leftovers) await link(join(sandbox, path), join(target, path));
      await linkUserPaths(brief.link, userSandbox, target);
    },
    findChange: async () => {
      const { fixed } = await seal.read();
      const paths = pathsHere(studyFolder, Object.keys(fixed));
      for (const [index, fingerprint] of Object.values(fixed).entries()) {
        const path = paths[index] ?? '';
        const changed = await findChange(path, fingerprint);
        if (changed !== undefined) return changed === '' ? path : join(path, changed);
      }
      return undefined;
    },
  };
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

/** Throws when a path that the brief links is not there. */
export async function requireLinks(links: readonly string[], userSandbox: string): Promise<void> {
  for (const path of links) {
    if (await exists(join(userSandbox, path))) continue;
    throw new BriefError(`The brief links \`${path}\`, but there is no ${join(userSandbox, path)}.`, {
      hint: 'Make it, or remove it from `link:`.',
    });
  }
}

async function linkUserPaths(links: readonly string[], userSandbox: string, target: string): Promise<void> {
  for (const path of links) await link(join(userSandbox, path), join(target, path));
}

/** Makes a link, unless the commit has a file of that name: the commit's file stays. */
async function link(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await symlink(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/** All paths below a folder, folders before what is in them; links are not followed. */
async function listPaths(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
}

function topmost(paths: readonly string[]): string[] {
  const known = new Set(paths);
  return paths.filter((path) => !known.has(dirname(path)));
}
