/**
 * `nocturne run --from autoresearch/<tag>`: what that study knows, for one that starts where it ended.
 */
import { openKnobReader } from '../../adapters/knob-reader/knob-reader.ts';
import { createTrialReader } from '../../adapters/researchers/trial-reader.ts';
import { StudyError } from '../../core/base/errors.ts';
import type { Earlier } from '../../core/journal/earlier.ts';
import { earlierOfStudy } from '../../core/space/trials/earlier-of-study.ts';
import { changedFrozen } from '../../loop/begin.ts';
import { createWorkspace } from '../compose/compose.ts';
import { findStudies } from '../study-folder/studies.ts';
import type { Asked } from './questions.ts';

/**
 * Undefined where the ref is no study of this brief, or where that has no score. `warn` is told what is not taken, and why.
 */
export async function takeUpStudy(
  { located, brief, interpreter }: Pick<Asked, 'located' | 'brief' | 'interpreter'>,
  from: string,
  start: string,
  warn: (sentence: string) => void,
): Promise<Earlier | undefined> {
  const tag = /^(?:refs\/heads\/)?autoresearch\/([^/]+)$/.exec(from)?.[1];
  if (tag === undefined) return undefined;
  const study = findStudies(located.folder).studies.find((each) => each.history.tag === tag);
  if (study === undefined) {
    warn(`${from} is a branch without a study in ${located.runs}, so nothing that it tried is known here.`);
    return undefined;
  }
  const { history, damage } = study;
  if (damage || history.tip !== start) {
    const why = damage ? 'its journal is damaged' : 'its branch is not where the study left it';
    warn(`Nothing that study ${tag} tried is taken up, since ${why}.`);
    return undefined;
  }
  const workspace = createWorkspace(located, tag);
  const knobReader = openKnobReader({ interpreter: await interpreter(), brief });
  const readTrials = createTrialReader(async (commit) => {
    const reading = await knobReader.read(await workspace.read(commit));
    if (reading.kind === 'read') return reading.knobs;
    throw new StudyError(`The editable files of ${commit.slice(0, 7)} cannot be read: ${reading.reason}.`);
  });
  const changed = changedFrozen(history, brief);
  if (changed.length > 0)
    warn(`Study ${tag} had another ${changed.join(' and ')}: what it tried is told, and may be tried again.`);
  return earlierOfStudy(history, await readTrials(history), changed.length === 0);
}
