/**
 * The base of a study: what `prepare` leaves behind, made once and linked into every run's folder.
 *
 * It also knows the study's fixed data (`data/`, `private/`, the `link:` paths) and whether any of it has changed.
 */
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BriefError } from '../../core/base/errors.ts';
import type { Brief } from '../../core/brief/brief.ts';
import type { Job } from '../../ports/engine.ts';
import type { Workspace } from '../../ports/workspace.ts';
import { exists } from '../exists.ts';
import { withoutBytecode } from './environment.ts';
import { type Fingerprint, findChange, takeFingerprint } from './fingerprint.ts';
import { resolveArgv } from './run-job.ts';

/** What `base/sealed.json` says. */
interface Seal {
  /** Paths below the sandbox that `prepare` made, the topmost of each. */
  readonly leftovers: readonly string[];
  /** Absolute path -> fingerprint of the fixed data there. */
  readonly fixed: Readonly<Record<string, Fingerprint>>;
}

export interface Base {
  readonly folder: string;
  readonly dataFolder: string;
  readonly privateFolder: string;
  /** The job of `prepare`, in a fresh base folder; undefined when there is nothing to prepare, or it was sealed before. */
  readonly lay: (start: string) => Promise<Job | undefined>;
  readonly seal: () => Promise<void>;
  /** Links what `prepare` made, and the `link:` paths, into a run's sandbox folder. */
  readonly linkInto: (sandbox: string) => Promise<void>;
  /** The fixed file or data that is not as it was sealed. */
  readonly findChange: () => Promise<string | undefined>;
}

export interface BaseOptions {
  readonly brief: Brief;
  readonly studyFolder: string;
  readonly sandboxInRepository: string;
  readonly userSandbox: string;
  readonly workspace: Workspace;
  readonly interpreter: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** `prepare` may download for hours; a day says that it hangs. */
const prepareLimitSeconds = 86_400;

/** The base of the study in this folder. */
export function createBase(options: BaseOptions): Base {
  const { brief, studyFolder, userSandbox, workspace } = options;
  const folder = join(studyFolder, 'base');
  const tree = join(folder, 'tree');
  const sandbox = join(tree, options.sandboxInRepository);
  const trackedPath = join(folder, 'tracked.json');
  const sealPath = join(folder, 'sealed.json');
  const dataFolder = join(studyFolder, 'data');
  const privateFolder = join(studyFolder, 'private');
  let sealed: Seal | undefined;
  const readSeal = async () => {
    sealed ??= JSON.parse(await readFile(sealPath, 'utf8')) as Seal;
    return sealed;
  };

  return {
    folder,
    dataFolder,
    privateFolder,
    lay: async (start) => {
      if (await exists(sealPath)) return undefined;
      await requireLinks(brief.link, userSandbox);
      const env = {
        ...options.environment,
        ...withoutBytecode,
        NOCTURNE_RUN_DIR: folder,
        NOCTURNE_DATA_DIR: dataFolder,
        NOCTURNE_PRIVATE_DIR: privateFolder,
      };
      const job = brief.prepare && {
        id: 'base',
        folder,
        stages: [
          { name: 'prepare' as const, argv: resolveArgv(brief.prepare, options.interpreter), folder: sandbox, env },
        ],
        limitSeconds: prepareLimitSeconds,
      };
      if ((await exists(join(folder, 'started.json'))) && !(await exists(join(folder, 'result.json')))) return job;
      await rm(folder, { recursive: true, force: true });
      for (const each of [tree, dataFolder, privateFolder]) await mkdir(each, { recursive: true });
      await workspace.materialise(start, tree);
      await linkUserPaths(brief.link, userSandbox, sandbox);
      await writeFile(trackedPath, JSON.stringify(await listPaths(sandbox)));
      return job;
    },
    seal: async () => {
      if (await exists(sealPath)) return;
      const tracked = new Set(JSON.parse(await readFile(trackedPath, 'utf8')) as string[]);
      const leftovers = topmost((await listPaths(sandbox)).filter((path) => !tracked.has(path)));
      const places = [...leftovers.map((path) => join(sandbox, path)), dataFolder, privateFolder];
      places.push(...brief.link.map((path) => join(userSandbox, path)));
      const fixed: Record<string, Fingerprint> = {};
      for (const place of places) fixed[place] = await takeFingerprint(place);
      await writeFile(`${sealPath}.part`, JSON.stringify({ leftovers, fixed } satisfies Seal));
      await rename(`${sealPath}.part`, sealPath);
    },
    linkInto: async (target) => {
      const { leftovers } = await readSeal();
      for (const path of leftovers) await link(join(sandbox, path), join(target, path));
      await linkUserPaths(brief.link, userSandbox, target);
    },
    findChange: async () => {
      for (const [place, fingerprint] of Object.entries((await readSeal()).fixed)) {
        const changed = await findChange(place, fingerprint);
        if (changed !== undefined) return changed === '' ? place : join(place, changed);
      }
      return undefined;
    },
  };
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

/** A tracked file of the same name wins: the commit says what it is. */
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
