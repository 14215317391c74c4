/**
 * `nocturne run --restore TARGET`: brings a study back from its mirror into this clone, so that `run` can go on with
 * it.
 */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openMirror } from '../../adapters/mirrors/open-mirror.ts';
import { putBack } from '../../adapters/mirrors/put-back.ts';
import { takeRunLock } from '../../adapters/run-lock.ts';
import { MirrorError } from '../../core/base/errors.ts';
import { countText } from '../../core/base/format.ts';
import type { Mirror } from '../../ports/mirror.ts';
import { type LocatedBrief, locateBrief } from '../compose/locate-brief.ts';
import { makeStudyFolder } from '../study-folder/make-study-folder.ts';

/** How long the mirror may take in all. */
const limitMilliseconds = 600_000;

/**
 * Restores the study with this tag, or the only one in the mirror, and returns its tag. A study that is here already,
 * and not behind the mirror, stays as it is.
 */
export async function restoreStudy(
  briefArgument: string,
  target: string,
  asked: string | undefined,
  say: (line: string) => void,
): Promise<string> {
  const located = await locateBrief(briefArgument);
  const workFolder = join(located.runs, `.restore-${process.pid}`);
  const mirror = await openMirrorOf(located, target, workFolder);
  const signal = AbortSignal.timeout(limitMilliseconds);
  const tag = chooseTag(mirror, await mirror.tags(signal), asked);
  const studyFolder = join(located.runs, tag);
  await makeStudyFolder(studyFolder);
  const lock = await takeRunLock(studyFolder, tag, () => new Date().toISOString());
  try {
    const stored = await mirror.bring(tag, signal);
    const done = await putBack(stored, { studyFolder, root: located.root, workFolder, from: mirror.name });
    if (done.kind === 'further-here')
      say(`Study ${tag} is here already, and not behind ${mirror.name}; nothing was restored.`);
    else
      say(
        `Study ${tag} is back from ${mirror.name}, with ${countText(done.history.experiments.length - 1, 'experiment')}.`,
      );
    return tag;
  } finally {
    await lock.release();
    await rm(workFolder, { recursive: true, force: true });
  }
}

/** The mirror that a target names, for the studies of this brief. */
export async function openMirrorOf(located: LocatedBrief, target: string, workFolder: string): Promise<Mirror> {
  const { root, briefInRepository } = located;
  const runsInRepository = [...briefInRepository.split('/').slice(0, -1), 'runs'].join('/');
  return openMirror(target, { root, runsInRepository, folder: process.cwd(), workFolder });
}

function chooseTag(mirror: Mirror, tags: readonly string[], asked: string | undefined): string {
  const [only] = tags;
  if (asked !== undefined && tags.includes(asked)) return asked;
  if (asked === undefined && only !== undefined && tags.length === 1) return only;
  const held = tags.length === 0 ? 'it holds none' : `it holds ${tags.join(', ')}`;
  const wanted = asked === undefined ? 'more than one study, or none' : `no study ${asked}`;
  throw new MirrorError(`${mirror.name} has ${wanted}: ${held}.`, {
    hint: tags.length === 0 ? 'Leave --restore out to start a new study.' : 'Name one of them with --tag.',
  });
}
