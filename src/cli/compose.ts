/**
 * Settings in, a lab out: the one place where the real adapters are put together.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type FileArchive, openFileArchive } from '../adapters/archive/file-archive.ts';
import { createLocalEngine } from '../adapters/engines/local.ts';
import { openFileInbox } from '../adapters/file-inbox.ts';
import { createGitWorkspace } from '../adapters/git/workspace.ts';
import { createKnobReader } from '../adapters/python/knob-reader.ts';
import { createNormalFormReader } from '../adapters/python/normal-form-reader.ts';
import { createSourceInspector } from '../adapters/python/source-inspector.ts';
import { createRedactor, findSecret, secretValues } from '../adapters/redact.ts';
import { createGridResearcher } from '../adapters/researchers/grid-researcher.ts';
import { createRandomResearcher } from '../adapters/researchers/random-researcher.ts';
import { createRunFolders } from '../adapters/run-folders/file-run-folders.ts';
import type { Brief, SearchResearcherName } from '../core/brief/brief.ts';
import type { Entry } from '../core/journal/entry.ts';
import { foldHistory } from '../core/journal/fold.ts';
import type { LoopEvent } from '../core/journal/loop-event.ts';
import type { Engine, Job } from '../ports/engine.ts';
import type { Lab } from '../ports/lab.ts';
import type { Researcher } from '../ports/researcher.ts';
import type { Workspace } from '../ports/workspace.ts';
import type { Place } from './place.ts';

export interface LabSettings {
  readonly place: Place;
  readonly brief: Brief;
  readonly tag: string;
  /** Absolute path of the python that runs use. */
  readonly interpreter: string;
  readonly emit: (event: LoopEvent) => void;
}

export interface OpenLab extends Lab {
  readonly archive: FileArchive;
  /** Ends the run in flight without waiting for the loop, for a process that is about to end. */
  readonly endRun: () => Promise<void>;
}

const searchResearchers: Readonly<Record<SearchResearcherName, () => Researcher>> = {
  random: createRandomResearcher,
  grid: createGridResearcher,
};

/** Opens the study's journal and bundles everything that the loop needs; the caller holds the study's lock. */
export async function openLab(settings: LabSettings): Promise<OpenLab> {
  const { place, brief, tag, interpreter, emit } = settings;
  const studyFolder = join(place.runs, tag);
  const now = () => new Date().toISOString();
  const workspace = createWorkspace(place, tag);
  const engine = rememberLatest(createLocalEngine({ python: interpreter }));
  const archive = await openFileArchive(studyFolder, now);
  const keys = isThinking(brief) ? await (await import('./thinking.ts')).keysOf(brief) : [];
  const parts = {
    workspace,
    knobReader: createKnobReader(interpreter),
    runFolders: createRunFolders({ ...place, brief, studyFolder, workspace, interpreter, environment: process.env }),
    engine,
  };
  return {
    ...parts,
    ...(await openResearchers(settings, studyFolder, parts, await archive.entries())),
    brief,
    archive,
    endRun: engine.cancelLatest,
    inbox: await openFileInbox(studyFolder),
    normalForm: createNormalFormReader(createSourceInspector(interpreter)),
    redact: createRedactor(process.env, keys),
    findSecret: (text) => findSecret(text, secretValues(process.env, keys)),
    pause: (seconds, signal) => delay(seconds * 1000, undefined, signal ? { signal } : {}).catch(() => {}),
    now,
    emit,
  };
}

function isThinking({ researcher }: Brief): boolean {
  return researcher === 'llm' || researcher === 'command';
}

/** The brief's researcher, and who stands in for its model. */
async function openResearchers(
  { place, brief, interpreter, emit }: LabSettings,
  studyFolder: string,
  lab: Pick<Lab, 'workspace' | 'knobReader' | 'runFolders' | 'engine'>,
  entries: readonly Entry[],
): Promise<Pick<Lab, 'researcher' | 'fallback'>> {
  const { researcher, model, fallback } = brief;
  if (researcher === 'random' || researcher === 'grid') return { researcher: searchResearchers[researcher]() };
  const spent = foldHistory(entries)?.spent;
  const tell = (message: string) => emit({ event: 'warning-raised', message });
  const { createAgentResearcher, createThinkingResearcher } = await import('./thinking.ts');
  const options = { place, brief, studyFolder, interpreter, lab, spent, tell };
  const thinker =
    model === undefined ? await createAgentResearcher(options) : await createThinkingResearcher(options, model);
  if (fallback === undefined) return { researcher: thinker };
  const isSearch = fallback === 'random' || fallback === 'grid';
  const stand = isSearch ? searchResearchers[fallback]() : await createThinkingResearcher(options, fallback);
  return { researcher: thinker, fallback: stand };
}

/** An engine that can end the run in flight without waiting for the loop. */
function rememberLatest(engine: Engine): Engine & { cancelLatest: () => Promise<void> } {
  let latest: Job | undefined;
  return {
    ...engine,
    submit: (job) => {
      latest = job;
      return engine.submit(job);
    },
    cancelLatest: async () => latest && engine.cancel(latest),
  };
}

/** The repository as the study with this tag sees it. */
export function createWorkspace(place: Place, tag: string): Workspace {
  return createGitWorkspace({
    root: place.root,
    sandbox: place.sandboxInRepository,
    edit: place.brief.edit,
    include: place.includeInRepository,
    tag,
    indexFolder: join(place.runs, tag),
  });
}
