/**
 * Settings in, a lab out: the one place where the real adapters are put together.
 */
import { join } from 'node:path';
import { type FileArchive, openFileArchive } from '../adapters/archive/file-archive.ts';
import { createLocalEngine } from '../adapters/engines/local.ts';
import { openFileInbox } from '../adapters/file-inbox.ts';
import { createGitWorkspace } from '../adapters/git/workspace.ts';
import { createKnobReader } from '../adapters/python/knob-reader.ts';
import { createGridResearcher } from '../adapters/researchers/grid-researcher.ts';
import { createRandomResearcher } from '../adapters/researchers/random-researcher.ts';
import { createRunFolders } from '../adapters/run-folders/file-run-folders.ts';
import type { Brief, ResearcherName } from '../core/brief.ts';
import type { LoopEvent } from '../core/loop-event.ts';
import type { Job } from '../ports/engine.ts';
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

const researchers: Readonly<Record<ResearcherName, () => Researcher>> = {
  random: createRandomResearcher,
  grid: createGridResearcher,
};

/** Opens the study's journal and bundles everything that the loop needs; the caller holds the study's lock. */
export async function openLab({ place, brief, tag, interpreter, emit }: LabSettings): Promise<OpenLab> {
  const studyFolder = join(place.runs, tag);
  const now = () => new Date().toISOString();
  const workspace = createWorkspace(place, tag);
  const engine = createLocalEngine({ python: interpreter });
  let latest: Job | undefined;
  return {
    brief,
    archive: await openFileArchive(studyFolder, now),
    workspace,
    knobReader: createKnobReader(interpreter),
    researcher: researchers[brief.researcher](),
    runFolders: createRunFolders({ ...place, brief, studyFolder, workspace, interpreter, environment: process.env }),
    engine: {
      ...engine,
      submit: (job) => {
        latest = job;
        return engine.submit(job);
      },
    },
    endRun: async () => latest && engine.cancel(latest),
    inbox: await openFileInbox(studyFolder),
    now,
    emit,
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
