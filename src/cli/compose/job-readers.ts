/**
 * How the commands that only look, such as `watch` and `report`, see the jobs of a study: one line for each engine.
 */
import { localJobs } from '../../adapters/engines/job-files.ts';
import type { Brief } from '../../core/brief/brief.ts';
import type { JobReader } from '../../ports/engine.ts';

const jobReaders: Readonly<Record<Brief['engine'], JobReader>> = { local: localJobs };

/** Sees nothing: for a study of a later version, whose engine this one does not have. */
const noJobs: JobReader = { wasStarted: async () => false, readLogEnd: async () => '' };

/** The jobs of a study's engine, by the name that its journal gives; nothing is started. */
export function openJobReader(engine: string): JobReader {
  const found = Object.entries(jobReaders).find(([name]) => name === engine);
  return found?.[1] ?? noJobs;
}
