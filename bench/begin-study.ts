/**
 * Starts a study of a bench's own project, as the command does it.
 */
import { resolveStart } from '../src/adapters/git/start-point.ts';
import type { Place } from '../src/cli/compose/place.ts';
import { startStudy } from '../src/loop/begin.ts';
import type { Study } from '../src/loop/study.ts';

/** Journals the start; the tag is also what its seeds are hashed from. */
export async function beginStudy(study: Study, place: Place, tag: string, interpreter: string): Promise<void> {
  const { root, sandboxInRepository: sandbox, briefInRepository: briefPath, brief } = place;
  const { start } = await resolveStart({ root, sandbox, edit: brief.edit, include: [], briefPath });
  await startStudy(study, { tag, study: tag, briefPath, start, isolation: 'none', interpreter, version: '0' });
}
