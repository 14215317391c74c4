/**
 * The engines: one line for each of the names in `core/base/names.ts`.
 */
import { localJobs } from '../../adapters/engines/job-files.ts';
import { createLocalEngine } from '../../adapters/engines/local.ts';
import { openRay } from '../../adapters/engines/ray/open-ray.ts';
import { rayJobs } from '../../adapters/engines/ray/ray-engine.ts';
import { createPacker } from '../../adapters/engines/travel/parcel.ts';
import type { EngineName } from '../../core/base/names.ts';
import type { Brief } from '../../core/brief/brief.ts';
import type { Engine, JobReader } from '../../ports/engine.ts';

/** What an engine's opener is given. All paths are absolute. */
export interface EngineOptions {
  /** The python that runs use. */
  readonly python: string;
  readonly brief: Brief;
  /** `runs/<tag>` */
  readonly studyFolder: string;
  /** The top level of the owner's repository, and the sandbox in it. */
  readonly root: string;
  readonly userSandbox: string;
  /** How many jobs the study wants in flight at once. */
  readonly slots: number;
  /** Tells the owner of what the engine waits for. */
  readonly tell: (message: string) => void;
}

interface EngineOpener {
  readonly open: (options: EngineOptions) => Engine;
  /** Reads its jobs for the commands that only show, such as `watch` and `report`; starts nothing. */
  readonly jobs: JobReader;
  /** Whether runs are on another machine than the controller, whose cages and GPUs are none of this machine's. */
  readonly isAway: boolean;
}

/** How to open each engine. */
export const engineOpeners: Readonly<Record<EngineName, EngineOpener>> = {
  local: { open: createLocalEngine, jobs: localJobs, isAway: false },
  ray: { open: openRayFor, jobs: rayJobs, isAway: true },
};

function openRayFor(options: EngineOptions): Engine {
  const settings = { gpus: options.brief.gpus, ...options.brief.ray };
  return openRay({ ...options, settings, packer: createPacker(options), environment: process.env });
}

/** Finds no job and no log: for a study of a later version, whose engine this version lacks. */
const noJobs: JobReader = { wasStarted: async () => false, readLogEnd: async () => '' };

/** A reader for the jobs of the engine that a study's journal names; starts nothing. */
export function openJobReader(engine: string): JobReader {
  const found = Object.entries(engineOpeners).find(([name]) => name === engine);
  return found?.[1].jobs ?? noJobs;
}
