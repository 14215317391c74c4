/**
 * The editable files of an accepted candidate, with its knobs and the space they span.
 */

import { StudyError } from '../core/base/errors.ts';
import { experimentOf, type History } from '../core/journal/history.ts';
import type { Source, Space } from '../core/space/knob.ts';
import { rebuildSpace } from '../core/space/range/build-space.ts';
import type { Lab } from '../ports/lab.ts';

export interface SpannedSource {
  readonly source: Source;
  readonly space: Space;
}

/** Reads the source of the accepted experiment with this number. */
export type SourceReader = (experiment: number) => Promise<SpannedSource>;

/** A reader that caches the source that it read last, because most proposals start from the same experiment. */
export function createSourceReader(lab: Lab, history: () => History): SourceReader {
  let last: { readonly experiment: number; readonly spanned: SpannedSource } | undefined;
  return async (experiment) => {
    if (last?.experiment === experiment) return last.spanned;
    const spanned = await readSource(lab, history(), experiment);
    last = { experiment, spanned };
    return spanned;
  };
}

async function readSource(lab: Lab, history: History, experiment: number): Promise<SpannedSource> {
  const record = experimentOf(history, experiment);
  const files = await lab.workspace.read(record.candidate?.commit ?? history.start);
  const reading = await lab.knobReader.read(files);
  // No candidate gets here, since it must parse to be accepted: only a start commit in a dialect unknown to us does.
  if (reading.kind === 'unreadable') throw new StudyError(`The editable files cannot be read: ${reading.reason}.`);
  const source = { files, knobs: reading.knobs };
  return { source, space: rebuildSpace(reading.knobs, lab.brief.space) };
}
