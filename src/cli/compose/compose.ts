/**
 * Builds a lab from settings: the only file that puts the real adapters together.
 */

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type FileArchive, openFileArchive } from '../../adapters/archive/file-archive.ts';
import { closedIn } from '../../adapters/cages/closed-in.ts';
import { createDiskProbe } from '../../adapters/disk/disk-probe.ts';
import { openFileInbox } from '../../adapters/file-inbox.ts';
import { filledSubmodules, findMissingPaths } from '../../adapters/git/missing-paths.ts';
import { createGitWorkspace } from '../../adapters/git/workspace.ts';
import { createGpuProbe } from '../../adapters/gpu/gpu-probe.ts';
import { openKnobReader } from '../../adapters/knob-reader/knob-reader.ts';
import { createSpendingCounter } from '../../adapters/models/spending-counter.ts';
import { openSecrets } from '../../adapters/open-secrets.ts';
import type { Optuna } from '../../adapters/python/find-optuna.ts';
import { createNormalFormReader } from '../../adapters/python/normal-form-reader.ts';
import { createSourceInspector } from '../../adapters/python/source-inspector.ts';
import { findSecret, secretValues } from '../../adapters/redact.ts';
import { heldBack } from '../../adapters/run-folders/environment.ts';
import { createRunFolders } from '../../adapters/run-folders/file-run-folders.ts';
import { steadySeconds } from '../../adapters/steady-seconds.ts';
import type { Brief } from '../../core/brief/brief.ts';
import { asksModelOrAgent } from '../../core/brief/proposers.ts';
import { extendedSession } from '../../core/journal/extended-stop.ts';
import { foldHistory } from '../../core/journal/fold.ts';
import { sessionOf } from '../../core/journal/kept-settings.ts';
import type { LoopEvent } from '../../core/journal/loop-event.ts';
import { isOutside } from '../../core/journal/settings/brief-path.ts';
import { readEnvironmentName } from '../../core/journal/settings/environment-names.ts';
import { explainFailure } from '../../core/run/missing-in-run.ts';
import type { Engine, Job, JobState } from '../../ports/engine.ts';
import type { Isolation } from '../../ports/isolation.ts';
import type { Lab } from '../../ports/lab.ts';
import type { Researcher } from '../../ports/researcher.ts';
import type { Workspace } from '../../ports/workspace.ts';
import { engineOpeners } from './engines.ts';
import { openLabSlots } from './lab-slots.ts';
import type { LocatedBrief } from './locate-brief.ts';
import { openResearchers } from './open-researchers.ts';

export interface LabSettings {
  readonly located: LocatedBrief;
  readonly brief: Brief;
  readonly tag: string;
  /** Absolute path of the python that runs use. */
  readonly interpreter: string;
  /** For researchers that ask Optuna; absent when it is not installed. */
  readonly optuna?: Optuna | undefined;
  /** What keeps runs from the rest of the machine. */
  readonly isolation: Isolation;
  /** The commit that the study starts from. */
  readonly start: string;
  readonly emit: (event: LoopEvent) => void;
}

export interface OpenLab extends Lab {
  readonly archive: FileArchive;
  /** The researchers behind `researcher` and `fallback`, the arms of a mix included. */
  readonly asked: readonly Researcher[];
  /** Ends what goes on beside the loop, such as the probe of a model that is away. */
  readonly endProbes: () => void;
  /** Ends the runs in flight at once, without the loop, because this process is about to exit. */
  readonly endRuns: () => Promise<void>;
}

/** Opens the study's journal and bundles everything that the loop needs; the caller holds the study's lock. */
export async function openLab(settings: LabSettings): Promise<OpenLab> {
  const archive = await openFileArchive(join(settings.located.runs, settings.tag), nowText);
  try {
    return await labAround(archive, settings);
  } catch (error) {
    await archive.close();
    throw error;
  }
}

const nowText = () => new Date().toISOString();

async function labAround(archive: FileArchive, settings: LabSettings): Promise<OpenLab> {
  const { located, brief, tag, interpreter, optuna, isolation, start, emit } = settings;
  const studyFolder = join(located.runs, tag);
  const workspace = createWorkspace(located, tag);
  const callsModel = asksModelOrAgent(brief);
  const keys = callsModel ? await (await import('./model-researchers.ts')).keysOf(brief) : [];
  const secrets = await openSecrets(
    { root: located.root, sandbox: located.userSandbox, edit: brief.edit },
    secretValues(process.env, keys),
  );
  const { root, sandboxInRepository: sandbox, includeInRepository: include } = located;
  // Git lays out no submodule in a run's tree: runs are shown what the owner has checked out there.
  const inside = brief.link.filter((path) => !isOutside(path));
  const link = [...inside, ...(await filledSubmodules({ root, sandbox, include }))];
  const shown = { ...brief, link };
  const tell = (message: string) => emit({ event: 'warning-raised', message });
  const { open: openEngine, isAway } = engineOpeners[brief.engine];
  const entries = await archive.entries();
  const slots = await openLabSlots({ brief, isAway, entries, tell });
  const options = { ...located, python: interpreter, brief: shown, studyFolder, slots: slots.count(), tell };
  const engine = rememberRuns(openEngine(options), slots.learn);
  const folderSettings = {
    ...located,
    brief: shown,
    studyFolder,
    workspace,
    engine,
    slots: slots.dealt,
    interpreter,
    caging: {
      isolation,
      outside: brief.link.filter(isOutside),
      root: located.root,
      include: located.includeInRepository,
      start,
    },
    environment: process.env,
  };
  const runFolders = createRunFolders(folderSettings);
  await runFolders.readSeal();
  const parts = {
    workspace,
    knobReader: openKnobReader({ interpreter, brief }),
    runFolders,
    engine,
  };
  const history = callsModel ? foldHistory(entries) : undefined;
  const { stop } = extendedSession(sessionOf(brief), history?.extended ?? {});
  const counter = createSpendingCounter({ usd: stop.usd, tokens: stop.tokens, spent: history?.spent });
  const ending = new AbortController();
  return {
    ...parts,
    ...(await openResearchers({
      located,
      brief,
      studyFolder,
      interpreter,
      optuna,
      lab: parts,
      counter,
      secrets,
      tell,
      isolation,
      ending: ending.signal,
    })),
    brief,
    archive,
    get slots() {
      return slots.count();
    },
    endRuns: engine.cancelAll,
    endProbes: () => ending.abort(),
    disk: createDiskProbe(studyFolder),
    ...(isAway
      ? {}
      : { gpu: createGpuProbe({ runFolders, engine, environment: process.env, slots: slots.dealt, studyFolder }) }),
    explainFailure: async (failure) =>
      explainFailure(failure, {
        ...(await findMissingPaths({ root, sandbox, include, link })),
        variables: heldBack(process.env, brief.env).map(({ name }) => ({
          name,
          isKey: readEnvironmentName(name).kind === 'refused',
        })),
      }),
    ...(isolation.rung && { closedToRun: closedIn(isolation.rung, { brief, studyFolder, environment: process.env }) }),
    inbox: await openFileInbox(studyFolder),
    normalForm: createNormalFormReader(createSourceInspector(interpreter)),
    redact: secrets.mask,
    secretsIn: secrets.find,
    findSecret: (text) => findSecret(text, secretValues(process.env, keys)),
    pause: (seconds, signal) => delay(seconds * 1000, undefined, signal ? { signal } : {}).catch(() => {}),
    now: nowText,
    liveSeconds: steadySeconds,
    emit: (event) => {
      if (event.event === 'stop-extended' && event.to.usd !== undefined) counter.raise(event.to.usd);
      emit(event);
    },
  };
}

/** The engine, with a way to cancel all jobs that it was given and that have not ended; `learn` is told how one stands. */
function rememberRuns(
  engine: Engine,
  learn: (job: Job, state: JobState) => void,
): Engine & { readonly cancelAll: () => Promise<void> } {
  const inFlight = new Map<string, Job>();
  return {
    ...engine,
    submit: (job) => {
      inFlight.set(job.folder, job);
      return engine.submit(job);
    },
    poll: async (job, waitSeconds) => {
      const state = await engine.poll(job, waitSeconds);
      if (state.kind === 'ended' || state.kind === 'lost') inFlight.delete(job.folder);
      learn(job, state);
      return state;
    },
    cancelAll: async () => {
      await Promise.all([...inFlight.values()].map((job) => engine.cancel(job)));
    },
  };
}

/** The workspace of the study with this tag: its refs in the owner's repository. */
export function createWorkspace(located: LocatedBrief, tag: string): Workspace {
  return createGitWorkspace({
    root: located.root,
    sandbox: located.sandboxInRepository,
    edit: located.brief.edit,
    include: located.includeInRepository,
    tag,
    indexFolder: join(located.runs, tag),
  });
}
