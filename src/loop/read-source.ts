/**
 * The editable files of an accepted candidate, with its knobs and the space they span.
 */

import { StudyError } from '../core/base/errors.ts';
import { experimentOf } from '../core/journal/history.ts';
import type { Source, Space } from '../core/space/knob.ts';
import { rebuildSpace } from '../core/space/range/build-space.ts';
import type { Study } from './study.ts';

export interface SpannedSource {
  readonly source: Source;
  readonly space: Space;
}

const cache = new WeakMap<Study, { experiment: number; spanned: SpannedSource }>();

/** Reads an accepted experiment's source; the latest one is remembered, because most proposals start from the same. */
export async function readSource(study: Study, experiment: number): Promise<SpannedSource> {
  const cached = cache.get(study);
  if (cached?.experiment === experiment) return cached.spanned;
  const { lab } = study;
  const record = experimentOf(study.history(), experiment);
  const files = await lab.workspace.read(record.candidate?.commit ?? study.history().start);
  const reading = await lab.knobReader.read(files);
  // A candidate that does not parse cannot have run, so only a start commit in an unknown dialect comes here.
  if (reading.kind === 'unreadable') throw new StudyError(`The editable files cannot be read: ${reading.reason}.`);
  const source = { files, knobs: reading.knobs };
  const spanned = { source, space: rebuildSpace(reading.knobs, lab.brief.space) };
  cache.set(study, { experiment, spanned });
  return spanned;
}
