/**
 * A dry run: a brief's commands once, as a study's run executes them, in a folder of its own that is gone afterwards.
 *
 * The same code lays the tree, links the data and makes the environment; only the seed, the time limit and the place differ.
 */

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Brief } from '../../core/brief/brief.ts';
import type { Trace } from '../../core/draft/needs.ts';
import type { ProjectFile } from '../../core/draft/project-files.ts';
import { isOutside } from '../../core/journal/settings/brief-path.ts';
import type { Ending } from '../../core/run/conclude-run.ts';
import type { Engine, Job, Stage } from '../../ports/engine.ts';
import type { Isolation } from '../../ports/isolation.ts';
import type { RunOutputs } from '../../ports/run-folders.ts';
import { makeFile } from '../files/make-file.ts';
import { readBytes } from '../files/read-file.ts';
import { removeTree } from '../files/remove-tree.ts';
import { createGitWorkspace } from '../git/workspace.ts';
import { withObservation } from '../python/observations.ts';
import { createRunFolders } from '../run-folders/file-run-folders.ts';
import { temporaryName } from '../temporary-name.ts';
import { readTrace } from './read-trace.ts';

export interface DryRunRequest {
  readonly brief: Brief;
  /** The top level of the repository that has the commit. */
  readonly root: string;
  readonly commit: string;
  /** The top level of the owner's repository, where that is another one. */
  readonly checkout: string;
  /** From the root, `/`-separated; so are the next. */
  readonly sandboxInRepository: string;
  readonly includeInRepository: readonly string[];
  /** Absolute path of the owner's own sandbox folder. */
  readonly userSandbox: string;
  readonly interpreter: string;
  /** What keeps its runs from the rest of the machine. */
  readonly isolation: Isolation;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly engine: Engine;
  /** How long each of its jobs may take, in seconds. */
  readonly limitSeconds: number;
  readonly seed: number;
  /** Training budget that the script is given, where it is not the brief's. */
  readonly budgetSeconds?: number;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Whether a training that still runs has shown enough, by its log and its seconds; it is then ended. */
  readonly isEnough?: (trainLog: string, seconds: number) => boolean;
}

export interface DryRun {
  /** The stage that it came to. */
  readonly stage: 'prepare' | 'run';
  readonly ending: Ending;
  readonly outputs: RunOutputs;
  readonly trace: Trace;
  /** Small files of figures that the script wrote into its tree, the latest last; paths are from the repository's top. */
  readonly reports: readonly ProjectFile[];
}

/** Runs `prepare`, if the brief has one, then training and scorer. Throws ResearchErrors for what no run could start with. */
export async function dryRun(request: DryRunRequest): Promise<DryRun> {
  const folder = await mkdtemp(join(tmpdir(), temporaryName('dry-run')));
  try {
    return await runIn(folder, request);
  } finally {
    await removeTree(folder);
  }
}

async function runIn(folder: string, request: DryRunRequest): Promise<DryRun> {
  const { brief, root, commit, sandboxInRepository, engine, seed } = request;
  const record = join(folder, 'observed.tsv');
  const workspace = createGitWorkspace({
    root,
    sandbox: sandboxInRepository,
    edit: brief.edit,
    include: request.includeInRepository,
    tag: 'dry-run',
    indexFolder: folder,
  });
  const { isolation, includeInRepository: include } = request;
  const caging = { isolation, root, include, start: commit, outside: brief.link.filter(isOutside) };
  const inside = { ...brief, link: brief.link.filter((path) => !isOutside(path)) };
  const folders = createRunFolders({ ...request, brief: inside, caging, studyFolder: folder, workspace });
  const prepare = await folders.layBase(commit);
  if (prepare !== undefined) {
    const ending = await execute(prepare, record, request);
    if (!endedWell(ending)) {
      const outputs = {
        trainLog: await folders.baseLog(),
        scoreLog: undefined,
        metricsJson: undefined,
        changed: undefined,
      };
      return {
        stage: 'prepare',
        ending,
        outputs,
        trace: await readTrace(record, join(folder, 'base', 'tree'), request.checkout),
        reports: [],
      };
    }
  }
  await folders.sealBase();
  const { budgetSeconds } = request;
  const key = { experiment: 0, run: 1, seed, commit, ...(budgetSeconds === undefined ? {} : { budgetSeconds }) };
  const job = await folders.lay(key);
  const ending = await execute(job, record, request);
  await engine.collect(job);
  const outputs = await folders.outputs(key);
  const tree = join(job.folder, 'work');
  const trace = await readTrace(record, tree, request.checkout);
  return { stage: 'run', ending, outputs, trace, reports: await readReports(tree, trace.written) };
}

const maxReports = 20;
const maxReportBytes = 1 << 18;

async function readReports(tree: string, written: readonly string[]): Promise<readonly ProjectFile[]> {
  const found: ProjectFile[] = [];
  for (const path of written.filter((each) => /\.(?:jsonl?|csv|tsv)$/i.test(each)).slice(-maxReports)) {
    const file = await readBytes(join(tree, path), maxReportBytes);
    if (file.kind === 'read') found.push({ path, text: file.bytes.toString('utf8') });
  }
  return found;
}

/** A log with the paths of its tree as they are in the project, for people to read. */
export function withoutTree(log: string): string {
  return log.replace(/[^\s"']*\/nocturne-dry-run-[\w-]+\/\d+\/run-\d+\/work\//g, '');
}

/** Whether all that was started ended by itself, and well. */
export function endedWell(ending: Ending): boolean {
  return ending.kind === 'ended' && ending.ending === 'exited' && ending.stages.every(({ exitCode }) => exitCode === 0);
}

/** The stage, whose processes record to this file what they read. */
async function observe(stage: Stage, record: string): Promise<Stage> {
  const { cage, env } = stage;
  const observed = { ...stage, env: withObservation(env, record) };
  if (cage === undefined) return observed;
  await makeFile(record);
  return { ...observed, cage: { ...cage, write: [...cage.write, record] } };
}

const maxLogBytes = 1 << 20;
/** How long one wait for the job's end lasts, in seconds. */
const pollSeconds = 2;

async function execute(
  job: Job,
  record: string,
  { engine, limitSeconds, signal, isEnough }: DryRunRequest,
): Promise<Ending> {
  const stages = await Promise.all(job.stages.map((stage) => observe(stage, record)));
  const bounded: Job = { ...job, stages, limitSeconds };
  const cancel = () => void engine.cancel(bounded);
  await engine.submit(bounded);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    for (;;) {
      if (signal.aborted) await engine.cancel(bounded);
      const state = await engine.poll(bounded, pollSeconds);
      if (state.kind === 'ended') return { kind: 'ended', ...state.end };
      if (state.kind === 'lost') return state;
      if (isEnough === undefined || state.kind !== 'running') continue;
      const log = await engine.readLogEnd(bounded, 'train', maxLogBytes);
      if (isEnough(log, state.elapsedSeconds)) await engine.cancel(bounded);
    }
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
