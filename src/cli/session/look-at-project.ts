/**
 * Looks at a project for `nocturne init`: runs an entry point in clean trees until it ends well or nothing more is known
 * that would help it, and drafts a brief from what was seen. Nothing of the project is changed.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../../adapters/files/remove-tree.ts';
import { type DryRun, dryRun, endedWell } from '../../adapters/project/dry-run.ts';
import { type Project, pathsBelow } from '../../adapters/project/list-project.ts';
import { takeSnapshot } from '../../adapters/project/snapshot.ts';
import { allowedEnvironment } from '../../adapters/run-folders/environment.ts';
import { briefSchema } from '../../core/brief/brief.ts';
import type { EntryPoint, Start } from '../../core/draft/entry-points.ts';
import { metricCandidates } from '../../core/draft/metric-candidates.ts';
import {
  foreignPackages,
  insideTree,
  missingFiles,
  missingModule,
  pathsInErrors,
  placesOfModule,
  relativePath,
} from '../../core/draft/needs.ts';
import { folderOf, joined } from '../../core/draft/project-files.ts';
import { readEnvironmentName } from '../../core/journal/settings/environment-names.ts';
import { engineOpeners } from '../compose/engines.ts';
import { placeBrief } from '../compose/locate-brief.ts';
import { choosePython } from '../compose/python.ts';

/** How an entry point is run: what a brief would say of it. */
export interface Setup {
  readonly start: Start;
  /** Folder researched, relative to the folder that is looked at. */
  readonly sandbox: string;
  /** From the repository's top. */
  readonly include: readonly string[];
  readonly link: readonly string[];
  readonly env: readonly string[];
  /** Folders on the module search path, relative to the sandbox. */
  readonly searchPath: readonly string[];
  /** Files that git does not know and a run needs, from the repository's top. */
  readonly commit: readonly string[];
}

export interface LookRequest {
  readonly project: Project;
  readonly python: string | undefined;
  readonly limitSeconds: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** An entry point that was run, and how. */
export interface Look {
  readonly entry: EntryPoint;
  readonly setup: Setup;
  readonly run: DryRun;
  readonly interpreter: string;
  /** What was changed on the way to the end, one sentence each. */
  readonly adapted: readonly string[];
  /** Runs it again with another seed. */
  readonly again: (seed: number) => Promise<DryRun>;
}

/** The budget that a script is given when it is looked at: long enough for a score, should it count the seconds. */
const lookBudgetSeconds = 20;
const maxRuns = 8;
/** The seed of the first look: a number that no script sets by itself. */
export const lookSeed = 900_719_925;

/**
 * Runs the entry point as often as it takes. The last look may be at a failure: then no way is known to make it end well,
 * and it is the failure of the plainest way to start it.
 */
export async function lookAt(entry: EntryPoint, request: LookRequest): Promise<Look> {
  const folder = await mkdtemp(join(tmpdir(), 'nocturne-look-'));
  try {
    return await tryStarts(entry, request, folder);
  } finally {
    await removeTree(folder);
  }
}

async function tryStarts(entry: EntryPoint, request: LookRequest, folder: string): Promise<Look> {
  let first: Look | undefined;
  let runs = 0;
  for (const start of entry.starts) {
    let setup: Setup | undefined = plainSetup(start);
    const adapted: string[] = first === undefined || start.from === undefined ? [] : [`started as ${start.from} says`];
    while (setup !== undefined && runs < maxRuns && !request.signal.aborted) {
      runs++;
      const { run, interpreter } = await runOnce(entry, setup, request, join(folder, `snapshot-${runs}`), lookSeed);
      const current: Setup = setup;
      const again = async (seed: number) =>
        (await runOnce(entry, current, request, join(folder, `again-${seed}`), seed)).run;
      const look: Look = { entry, setup, run, interpreter, adapted: [...adapted], again };
      const next = adaptTo(look, request.project);
      if (next === undefined) {
        if (isUsable(run)) return look;
        first ??= look;
        break;
      }
      adapted.push(next.why);
      request.say(`  ${next.why}; once more`);
      setup = next.setup;
    }
  }
  if (first === undefined) throw new Error('Bug in nocturne: an entry point has a way to start it');
  return first;
}

function plainSetup(start: Start): Setup {
  return { start, sandbox: start.folder, include: [], link: [], env: [], searchPath: [], commit: [] };
}

/** Whether a run ended well, or went on well until the look was over. */
export function isUsable(run: DryRun): boolean {
  return run.stage === 'run' && (endedWell(run.ending) || wasCut(run));
}

/** Whether the look ended before the script did: at its limit, or since enough was seen. */
export function wasCut({ ending }: DryRun): boolean {
  return ending.kind === 'ended' && ending.ending !== 'exited';
}

/** Seconds after which a script may be stopped that has printed its score often enough. */
const minLookSeconds = 30;
const minScores = 3;

/** Whether a script that still runs has shown what a look is for. */
function isEnough(trainLog: string, seconds: number): boolean {
  if (seconds < minLookSeconds) return false;
  const [best] = metricCandidates({ trainLog, scoreLog: undefined, metricsJson: undefined });
  return best !== undefined && best.count >= minScores && best.split !== 'training';
}

async function runOnce(entry: EntryPoint, setup: Setup, request: LookRequest, snapshotFolder: string, seed: number) {
  const { project, limitSeconds, signal } = request;
  const snapshot = await takeSnapshot(project, {
    withUntracked: setup.commit.length > 0 || isUntracked(entry, project),
    exclude: project.unwanted,
    folder: snapshotFolder,
  });
  const located = locate(entry, setup, project);
  const { executable } = await choosePython(located, request.python);
  const run = await dryRun({
    ...located,
    ...snapshot,
    checkout: project.root,
    interpreter: executable,
    environment: process.env,
    engine: engineOpeners.local.open({ python: executable }),
    limitSeconds,
    seed,
    signal,
    isEnough,
  });
  return { run, interpreter: executable };
}

/** The setup as a brief that no file has. */
function locate({ script }: EntryPoint, setup: Setup, project: Project) {
  const { folder, prefix, root } = project;
  const brief = briefSchema.parse({
    prose: '',
    form: 'front-matter',
    sandbox: setup.sandbox,
    edit: [relativePath(setup.sandbox, script)],
    train: trainOf(setup),
    metric: { name: 'score', goal: 'minimize' },
    include: setup.include.map((path) => relativePath(prefix, path)),
    link: setup.link.map((path) => relativePath(joined(prefix, setup.sandbox) ?? '.', path)),
    env: setup.env,
    budgetSeconds: lookBudgetSeconds,
  });
  return placeBrief({ brief, path: join(folder, 'program.md'), folder, text: '', assumed: [] }, root);
}

/** The command of a run, as a brief has it. */
export function trainOf({ start, searchPath }: Setup): readonly string[] {
  return searchPath.length === 0 ? start.argv : ['env', `PYTHONPATH=${searchPath.join(':')}`, ...start.argv];
}

export function isUntracked({ script }: EntryPoint, { untracked, prefix }: Project): boolean {
  return untracked.includes(joined(prefix, script) ?? script);
}

interface Adaptation {
  readonly setup: Setup;
  /** What was added and why, as the beginning of a sentence. */
  readonly why: string;
}

/** What would have helped the run, as far as its trace and its error say; undefined where nothing is known. */
function adaptTo({ setup, run, entry }: Look, project: Project): Adaptation | undefined {
  const failed = !isUsable(run);
  const log = run.outputs.trainLog;
  const sandbox = joined(project.prefix, setup.sandbox) ?? '.';
  return (
    withTracked(setup, run, log, sandbox, project) ??
    withFiles(setup, run, log, sandbox, project) ??
    withPackages(setup, run, sandbox, project) ??
    withVariables(setup, run) ??
    (failed ? (withModule(setup, log, sandbox, project) ?? withFolder(setup, entry, log, project)) : undefined)
  );
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
  const link = found.link
    .filter(isNew(setup.link))
    .filter((path) => relativePath(sandbox, path).split('/')[0] !== '..');
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

/** A script that looks for its files beside itself starts in its own folder. */
function withFolder(setup: Setup, entry: EntryPoint, log: string, project: Project): Adaptation | undefined {
  const own = folderOf(entry.script);
  if (setup.sandbox !== '.' || own === '.' || !setup.start.argv.includes(entry.script)) return undefined;
  const known = new Set(pathsBelow(project));
  const isBeside = pathsInErrors(log.slice(-20_000)).some((path) => {
    const beside = joined(own, path);
    return beside !== undefined && [...known].some((each) => each === beside || each.startsWith(`${beside}/`));
  });
  if (!isBeside) return undefined;
  const argv = setup.start.argv.map((word) => (word === entry.script ? relativePath(own, entry.script) : word));
  return {
    setup: { ...plainSetup({ argv, folder: own }), env: setup.env },
    why: `it looks for its files in ${own}: started there`,
  };
}
