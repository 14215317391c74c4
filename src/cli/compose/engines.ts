/**
 * The engines: one line for each of the names in `core/base/names.ts`.
 */
import { localJobs } from '../../adapters/engines/job-files.ts';
import { createLocalEngine } from '../../adapters/engines/local.ts';
import type { EngineName } from '../../core/base/names.ts';
import type { Engine, JobReader } from '../../ports/engine.ts';

/** What there is to open an engine with. */
interface EngineOptions {
  /** Absolute path of the python that runs use. */
  readonly python: string;
}

interface EngineOpener {
  readonly open: (options: EngineOptions) => Engine;
  /** How the commands that only look, such as `watch` and `report`, see its jobs; starts nothing. */
  readonly jobs: JobReader;
}

/** How to open each engine. */
export const engineOpeners: Readonly<Record<EngineName, EngineOpener>> = {
  local: { open: createLocalEngine, jobs: localJobs },
};

/** Sees nothing: for a study of a later version, whose engine this one does not have. */
const noJobs: JobReader = { wasStarted: async () => false, readLogEnd: async () => '' };

/** The jobs of a study's engine, by the name that its journal gives; nothing is started. */
export function openJobReader(engine: string): JobReader {
  const found = Object.entries(engineOpeners).find(([name]) => name === engine);
  return found?.[1].jobs ?? noJobs;
}
