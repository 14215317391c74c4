/**
 * Looks at a project for `nocturne init`: runs an entry point in clean trees until it ends well or nothing more is known
 * that would help it, and drafts a brief from what was seen. Nothing of the project is changed.
 */

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalEngine } from '../../adapters/engines/local.ts';
import { removeTree } from '../../adapters/files/remove-tree.ts';
import { type DryRun, dryRun } from '../../adapters/project/dry-run.ts';
import { type Project, pathsBelow, readProjectTexts, readTexts } from '../../adapters/project/list-project.ts';
import { takeSnapshot } from '../../adapters/project/snapshot.ts';
import { temporaryName } from '../../adapters/temporary-name.ts';
import { ok } from '../../core/base/errors.ts';
import { briefSchema } from '../../core/brief/brief.ts';
import type { EntryPoint, Start } from '../../core/draft/entry-points.ts';
import { printsHeldOut } from '../../core/draft/held-out.ts';
import { metricCandidates } from '../../core/draft/metric-candidates.ts';
import { missingModule, relativePath } from '../../core/draft/needs.ts';
import { joined, type ProjectFile } from '../../core/draft/project-files.ts';
import { isolationOnce } from '../compose/isolation.ts';
import { placeBrief } from '../compose/locate-brief.ts';
import { choosePython } from '../compose/python.ts';
import { adaptSetup, withheldFrom } from './adapt-setup.ts';
import { isUsable, plainSetup, type Setup, trainOf } from './setup.ts';

export interface LookRequest {
  readonly project: Project;
  readonly python: string | undefined;
  /** How long it may run: after this a script is ended that has printed something like a score. */
  readonly limitSeconds: number;
  /** How long it may run that has printed none. */
  readonly maxSeconds: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** An entry point that was run, and how. */
export interface Look {
  readonly entry: EntryPoint;
  readonly setup: Setup;
  /** The script, from the sandbox: the file that the run was asked to prove that it read. */
  readonly edited: readonly string[];
  readonly run: DryRun;
  /**
   * Seconds after which a score of this name had been seen in its output, twice where it came twice; undefined for one that
   * came with its end.
   */
  readonly scoreAfter: (name: string) => number | undefined;
  readonly interpreter: string;
  /** What was changed on the way to the end, one sentence each. */
  readonly adapted: readonly string[];
  /** The look at the program with arguments that failed, where the program alone ended well and reported nothing. */
  readonly failedCommand?: Look;
  /** Runs it again with another seed. */
  readonly again: (seed: number) => Promise<DryRun>;
}

/** The budget that a script is given when it is looked at: long enough for a score, should it count the seconds. */
const lookBudgetSeconds = 20;
const maxRuns = 8;
/** The seed of the first look: a number that no script sets by itself. */
export const lookSeed = 900_719_925;

/** Looks at the first of these that does not lack a module and reports something; where all do, at the first. */
export async function lookAtFirst(entries: readonly EntryPoint[], request: LookRequest): Promise<Look> {
  let first: Look | undefined;
  for (const [index, entry] of entries.entries()) {
    const look = await lookAt(entry, request);
    const module = isUsable(look.run) ? undefined : missingModule(look.run.outputs.trainLog.slice(-20_000));
    const isSilent = isUsable(look.run) && !hasReported(look.run);
    if (module === undefined && !isSilent && (first === undefined || isUsable(look.run))) return look;
    first ??= look;
    const next = entries[index + 1];
    if (next === undefined || request.signal.aborted) break;
    const why = isSilent ? 'says no score' : module === undefined ? 'fails' : `lacks the module ${module}`;
    request.say(`  ${entry.script} ${why}; trying ${next.script}`);
  }
  ok(first !== undefined, 'there is an entry point to look at');
  return first;
}

/** Whether a run printed something like a score, or wrote a file of figures. */
function hasReported({ outputs, reports }: DryRun): boolean {
  return reports.length > 0 || metricCandidates(outputs).length > 0;
}

/**
 * Runs the entry point as often as it takes. The last look may be at a failure: then no way is known to make it end well,
 * and it is the failure of the first way to start it that the project says, else of the plainest.
 */
async function lookAt(entry: EntryPoint, request: LookRequest): Promise<Look> {
  const folder = await mkdtemp(join(tmpdir(), temporaryName('look')));
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
      const { run, interpreter, scoreAfter } = await runOnce(
        entry,
        setup,
        request,
        join(folder, `snapshot-${runs}`),
        lookSeed,
      );
      const current: Setup = setup;
      const again = async (seed: number) =>
        (await runOnce(entry, current, request, join(folder, `again-${seed}`), seed)).run;
      const look: Look = {
        entry,
        setup,
        edited: editedBy(entry, setup, request.project),
        run,
        scoreAfter,
        interpreter,
        adapted: [...adapted, ...withheldFrom({ setup, run }, request.project)],
        again,
      };
      const next = adaptSetup(look, request.project, await textsOf(look, request.project));
      if (next === undefined) {
        if (isUsable(run) && hasReported(run)) return look;
        // One that ended well and said nothing, such as a usage, is better than one that failed.
        if (first === undefined || (isUsable(run) && !isUsable(first.run))) first = look;
        // The project's own word on how it is started fails for a better reason than the bare script.
        else if (isSaid(start) && !isUsable(run) && !isUsable(first.run) && !isSaid(first.setup.start)) first = look;
        else if (!isUsable(run) && isCommandOf(start, first.setup.start)) first = { failedCommand: look, ...first };
        break;
      }
      adapted.push(next.why);
      request.say(`  ${next.why}; once more`);
      setup = next.setup;
    }
  }
  ok(first !== undefined, 'an entry point has a way to start it');
  return first;
}

/** Whether a README, a script or a project file says the start. */
function isSaid({ from }: Start): boolean {
  return from !== undefined;
}

/** Whether a start is another one with the name of a command, or other arguments, behind it. */
function isCommandOf({ argv }: Start, other: Start): boolean {
  return argv.length > other.argv.length && other.argv.every((word, at) => word === argv[at]);
}

/** The script and the configuration files that its run read, from the folder that is looked at. */
async function textsOf({ entry, run }: Look, project: Project): Promise<readonly ProjectFile[]> {
  const read = run.trace.opened.flatMap((path) => {
    const below = relativePath(project.prefix, path);
    return /\.ya?ml$/.test(path) && !below.startsWith('..') ? [below] : [];
  });
  return readTexts(project, [entry.script, ...read]);
}

/** Seconds after which a script may be stopped that has printed its score often enough. */
const minLookSeconds = 30;
const minScores = 3;

/**
 * Watches a script that still runs: whether it has shown what a look is for, and when each score was first seen. Tells
 * once that it looks on. `heldOut` is the file that prints a score on held-out data, which is waited for.
 */
function createWatch({ limitSeconds, maxSeconds, say }: LookRequest, heldOut: string | undefined) {
  let hasTold = false;
  const seen = new Map<string, { readonly count: number; readonly seconds: number }>();
  const isEnough = (trainLog: string, seconds: number): boolean => {
    const candidates = metricCandidates({ trainLog, scoreLog: undefined, metricsJson: undefined });
    // A first score may be that of a model that has learnt nothing yet: the second one is what a run must come to.
    for (const { name, count } of candidates) {
      if (!seen.has(name)) seen.set(name, { count, seconds });
      else if (count >= 2 && seen.get(name)?.count === 1) seen.set(name, { count, seconds });
    }
    const [best] = candidates;
    const isAwaited = best === undefined || (heldOut !== undefined && best.split !== 'held-out');
    if (seconds >= limitSeconds && !isAwaited) return true;
    if (seconds >= limitSeconds && !hasTold && maxSeconds > limitSeconds) {
      hasTold = true;
      const lacks =
        best === undefined ? 'no score' : `${best.name} alone, and ${heldOut} prints a score on held-out data too,`;
      say(
        `  ${lacks} in ${limitSeconds} s; looking on, for at most ${Math.round(maxSeconds / 60)} min (Ctrl-C ends it)`,
      );
    }
    if (isAwaited || seconds < Math.min(minLookSeconds, limitSeconds)) return false;
    // A score on held-out data comes seldom, and says by itself what the look is for.
    return best.count >= (best.split === 'held-out' ? 2 : minScores) && best.split !== 'training';
  };
  return { isEnough, seen };
}

async function runOnce(entry: EntryPoint, setup: Setup, request: LookRequest, snapshotFolder: string, seed: number) {
  const { project, maxSeconds, signal } = request;
  const snapshot = await takeSnapshot(project, {
    withUntracked: setup.commit.length > 0 || isUntracked(entry, project),
    exclude: project.unwanted,
    folder: snapshotFolder,
  });
  const located = locate(entry, setup, project);
  const { executable } = await choosePython(located, request.python);
  const texts = await readProjectTexts(project, pathsBelow(project));
  const watch = createWatch(request, printsHeldOut(entry.script, texts));
  const run = await dryRun({
    ...located,
    ...snapshot,
    checkout: project.root,
    interpreter: executable,
    isolation: await isolationOnce(executable),
    environment: process.env,
    engine: createLocalEngine({ python: executable }),
    limitSeconds: maxSeconds,
    seed,
    signal,
    isEnough: watch.isEnough,
  });
  return { run, interpreter: executable, scoreAfter: (name: string) => watch.seen.get(name)?.seconds };
}

function editedBy({ script }: EntryPoint, setup: Setup, { prefix }: Project): readonly string[] {
  return [relativePath(joined(prefix, setup.sandbox) ?? '.', joined(prefix, script) ?? script)];
}

/** The setup as a brief that no file has. */
function locate(entry: EntryPoint, setup: Setup, project: Project) {
  const { folder, prefix, root } = project;
  const sandbox = joined(prefix, setup.sandbox) ?? '.';
  const brief = briefSchema.parse({
    prose: '',
    form: 'front-matter',
    sandbox: setup.sandbox,
    edit: editedBy(entry, setup, project),
    train: trainOf(setup),
    metric: { name: 'score', goal: 'minimize' },
    include: setup.include.map((path) => relativePath(prefix, path)),
    link: setup.link.map((path) => relativePath(sandbox, path)),
    env: setup.env,
    network: setup.network,
    budgetSeconds: lookBudgetSeconds,
  });
  return placeBrief({ brief, path: join(folder, 'program.md'), folder, text: '', assumed: [] }, root);
}

export function isUntracked({ script }: EntryPoint, { untracked, prefix }: Project): boolean {
  return untracked.includes(joined(prefix, script) ?? script);
}
