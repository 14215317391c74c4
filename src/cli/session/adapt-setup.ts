/**
 * What would have helped a run of an entry point: data to link, folders to include, variables, search paths, another folder.
 */
import type { DryRun } from '../../adapters/project/dry-run.ts';
import { type Project, pathsBelow } from '../../adapters/project/list-project.ts';
import { allowedEnvironment } from '../../adapters/run-folders/environment.ts';
import { cpuArguments, lacksGpu } from '../../core/draft/devices.ts';
import type { EntryPoint } from '../../core/draft/entry-points.ts';
import {
  foreignPackages,
  insideTree,
  missingFiles,
  missingModule,
  pathsInErrors,
  placesOfModule,
  relativePath,
} from '../../core/draft/needs.ts';
import { folderOf, joined, type ProjectFile } from '../../core/draft/project-files.ts';
import { readEnvironmentName } from '../../core/journal/settings/environment-names.ts';
import { closedToRun } from '../../core/run/closed-to-run.ts';
import { isUsable, plainSetup, type Setup } from './setup.ts';

/** An entry point, how it was run, and what became of it. */
interface Tried {
  readonly entry: EntryPoint;
  readonly setup: Setup;
  readonly run: DryRun;
}

/** A setup that may work where another one did not. */
export interface Adaptation {
  readonly setup: Setup;
  /** What was added and why, as the beginning of a sentence. */
  readonly why: string;
}

/**
 * What would have helped the run, as far as its trace and its error say; undefined where nothing is known. `files` are the
 * texts that say how the script is told what to do, from the folder that is looked at.
 */
export function adaptSetup(
  { setup, run, entry }: Tried,
  project: Project,
  files: readonly ProjectFile[],
): Adaptation | undefined {
  const failed = !isUsable(run);
  const log = run.outputs.trainLog;
  const sandbox = joined(project.prefix, setup.sandbox) ?? '.';
  return (
    withTracked(setup, run, log, sandbox, project) ??
    withFiles(setup, run, log, sandbox, project) ??
    withPackages(setup, run, sandbox, project) ??
    withVariables(setup, run) ??
    (failed
      ? (withNetwork(setup, log) ??
        withModule(setup, log, sandbox, project) ??
        withFolder(setup, entry, log, project) ??
        withoutGpu(setup, entry, log, files))
      : undefined)
  );
}

/** What a run asked for and is not given by itself, one sentence each: files in which people keep keys. */
export function withheldFrom({ setup, run }: Pick<Tried, 'setup' | 'run'>, project: Project): readonly string[] {
  const sandbox = joined(project.prefix, setup.sandbox) ?? '.';
  const { secret } = missingFiles(askedInVain(run, run.outputs.trainLog, sandbox), project.uncommitted);
  return secret.map((path) => {
    const named = relativePath(sandbox, path);
    return `it looks for ${path}, which git does not have: not linked, as people keep keys there; \`link: [${named}]\` gives it to runs`;
  });
}

/** Paths that the run asked for in vain, from the repository's top. */
function askedInVain(run: DryRun, log: string, sandbox: string): readonly string[] {
  const said = pathsInErrors(log.slice(-20_000)).flatMap((path) => {
    const [, below] = /\/run-\d+\/work\/(.*)$/.exec(path) ?? [];
    const inside = below ?? insideTree(path, sandbox, '');
    return inside === undefined ? [] : [inside.replace(/\/$/, '')];
  });
  return [...new Set([...run.trace.missing, ...said])];
}

/** Tracked files beside the sandbox that the script reads: their folder is included, unless the sandbox lies in it. */
function withTracked(
  setup: Setup,
  run: DryRun,
  log: string,
  sandbox: string,
  project: Project,
): Adaptation | undefined {
  const beside = askedInVain(run, log, sandbox).filter((path) => relativePath(sandbox, path).startsWith('../'));
  const tracked = (path: string) => project.tracked.some((each) => each === path || each.startsWith(`${path}/`));
  const wanted = beside.filter(tracked).map((path) => {
    const folder = folderOf(path);
    const isAbove = folder === '.' || sandbox === folder || sandbox.startsWith(`${folder}/`);
    return isAbove || project.tracked.some((each) => each.startsWith(`${path}/`)) ? path : folder;
  });
  const isHeld = (path: string) => setup.include.some((each) => path === each || path.startsWith(`${each}/`));
  const fresh = [...new Set(wanted)].filter((path) => !isHeld(path) && !sandbox.startsWith(`${path}/`));
  if (fresh.length === 0) return undefined;
  return {
    setup: { ...setup, include: [...setup.include, ...fresh] },
    why: `it reads files in ${fresh.join(', ')}: included`,
  };
}

function withFiles(setup: Setup, run: DryRun, log: string, sandbox: string, project: Project): Adaptation | undefined {
  const found = missingFiles(askedInVain(run, log, sandbox), project.uncommitted);
  const isNew = (known: readonly string[]) => (path: string) => !known.includes(path);
  // A brief cannot link a folder that holds the sandbox.
  const link = found.link
    .filter(isNew(setup.link))
    .filter((path) => sandbox !== path && !sandbox.startsWith(`${path}/`));
  const commit = found.commit.filter(isNew(setup.commit));
  if (link.length > 0) {
    return {
      setup: { ...setup, link: [...setup.link, ...link] },
      why: `it reads ${link.join(', ')}, which git does not have: linked`,
    };
  }
  if (commit.length === 0) return undefined;
  return {
    setup: { ...setup, commit: [...setup.commit, ...commit] },
    why: `it needs ${commit.join(', ')}, which no commit has: taken along`,
  };
}

/** Packages that Python found in the checkout, since an installation or PYTHONPATH points there. */
function withPackages(setup: Setup, run: DryRun, sandbox: string, { tracked }: Project): Adaptation | undefined {
  const lacking = foreignPackages(run.trace.foreign).filter(
    (path) =>
      relativePath(sandbox, path).startsWith('..') &&
      !setup.include.includes(path) &&
      tracked.some((each) => each === path || each.startsWith(`${path}/`)),
  );
  if (lacking.length === 0) return undefined;
  return {
    setup: { ...setup, include: [...setup.include, ...lacking] },
    why: `it imports ${lacking.join(', ')}: included`,
  };
}

/** Variables that the script read and the owner's shell has, which a run does not get by itself. */
function withVariables(setup: Setup, run: DryRun): Adaptation | undefined {
  const given = allowedEnvironment(process.env, setup.env);
  const lacking = run.trace.variables.filter(
    (name) => process.env[name] !== undefined && given[name] === undefined && readEnvironmentName(name).kind === 'read',
  );
  if (lacking.length === 0) return undefined;
  return { setup: { ...setup, env: [...setup.env, ...lacking] }, why: `it reads ${lacking.join(', ')}: passed on` };
}

/** What asks for the network gets it, as `network: true` in the brief gives it. */
function withNetwork(setup: Setup, log: string): Adaptation | undefined {
  if (closedToRun(log, { hasNetwork: setup.network, closedPath: () => undefined }) === undefined) return undefined;
  return { setup: { ...setup, network: true }, why: 'it asks for the network: allowed' };
}

/** A module of the repository that was not found: beside the sandbox it is included, within it it is put on the path. */
function withModule(setup: Setup, log: string, sandbox: string, project: Project): Adaptation | undefined {
  const module = missingModule(log);
  if (module === undefined) return undefined;
  for (const place of placesOfModule(module, [...project.tracked, ...project.untracked], sandbox)) {
    const isInside = sandbox === '.' || place.path === sandbox || place.path.startsWith(`${sandbox}/`);
    const isHeld = isInside || setup.include.some((path) => place.path === path || place.path.startsWith(`${path}/`));
    if (!isHeld) {
      return {
        setup: { ...setup, include: [...setup.include, place.path] },
        why: `it imports ${module} from ${place.path}: included`,
      };
    }
    const folder = relativePath(sandbox, place.folder);
    if (setup.searchPath.includes(folder)) continue;
    return {
      setup: { ...setup, searchPath: [...setup.searchPath, folder] },
      why: `it imports ${module} from ${place.folder}: put on PYTHONPATH`,
    };
  }
  return undefined;
}

/** A script that looks for its files from another folder starts there: from its own, or from the repository's top. */
function withFolder(setup: Setup, entry: EntryPoint, log: string, project: Project): Adaptation | undefined {
  if (setup.sandbox !== '.' || !setup.start.argv.includes(entry.script)) return undefined;
  const asked = pathsInErrors(log.slice(-20_000)).filter((path) => !path.startsWith('/'));
  const startIn = (folder: string, script: string): Adaptation => {
    const argv = setup.start.argv.map((word) => (word === entry.script ? script : word));
    const where = folder === '..' || folder.startsWith('../') ? "the repository's top" : folder;
    return {
      setup: { ...plainSetup({ argv, folder }), env: setup.env },
      why: `it looks for its files from ${where}: started there`,
    };
  };
  const own = folderOf(entry.script);
  if (own !== '.' && hasAny(pathsBelow(project), asked, own)) return startIn(own, relativePath(own, entry.script));
  if (project.prefix === '.' || !hasAny(project.tracked, asked, '.')) return undefined;
  return startIn(relativePath(project.prefix, '.'), `${project.prefix}/${entry.script}`);
}

/** A script that asks for a GPU where there is none is told to use the CPU, where its command line can say so. */
function withoutGpu(
  setup: Setup,
  entry: EntryPoint,
  log: string,
  files: readonly ProjectFile[],
): Adaptation | undefined {
  if (!lacksGpu(log)) return undefined;
  const { start } = setup;
  const argv = cpuArguments(files, entry.script, start.argv);
  if (argv === undefined) return undefined;
  const added = argv.find((word) => !start.argv.includes(word)) ?? '';
  // What a README says for such machines is smaller, too.
  if (entry.starts.some((other) => other !== start && other.argv.includes(added))) return undefined;
  return {
    setup: { ...setup, start: { ...start, argv } },
    why: `it asks for a GPU, and this machine has none that it can use: started with ${added}`,
  };
}

/** Whether one of the paths is there, seen from a folder. */
function hasAny(paths: readonly string[], asked: readonly string[], folder: string): boolean {
  return asked.some((path) => {
    const place = joined(folder, path);
    return place !== undefined && paths.some((each) => each === place || each.startsWith(`${place}/`));
  });
}
