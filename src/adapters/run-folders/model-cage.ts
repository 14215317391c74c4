/**
 * Whether a scorer could not start the candidate's model because its cage could not be entered: the machine's fault, which no run
 * is judged by.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SettingsError } from '../../core/base/errors.ts';
import type { Engine, JobKey } from '../../ports/engine.ts';
import { markOfModel } from '../cages/cage-job.ts';
import { removeTree } from '../files/remove-tree.ts';

/** What the launcher of a cage, and a scorer after it, exits with where nothing of the model has run. */
const exitNotCaged = 125;

/** Throws where the scorer of an ended job says so; the job is then as if it had not been started. */
export async function requireModelCaged(engine: Pick<Engine, 'poll'>, job: JobKey): Promise<void> {
  const state = await engine.poll({ ...job, stages: [], limitSeconds: 0 }, 0);
  const score = state.kind === 'ended' ? state.end.stages.find(({ name }) => name === 'score') : undefined;
  if (score?.exitCode !== exitNotCaged) return;
  // A model that entered its cage left a line, and may exit as it likes.
  const mark = await stat(join(job.folder, markOfModel)).catch(() => undefined);
  if (mark === undefined || mark.size > 0) return;
  await removeTree(job.folder);
  throw new SettingsError(`The scorer of run ${job.id} could not start the model in its cage.`, {
    hint: 'Look what changed on this machine, and see `nocturne doctor`; then run again: nothing is held against the experiment.',
  });
}
