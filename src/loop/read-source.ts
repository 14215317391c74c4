/**
 * The editable files of an accepted candidate, with its knobs and the space they span.
 */

import { StudyError } from '../core/base/errors.ts';
import { isFixedWork } from '../core/journal/fixed-work.ts';
import { experimentOf, type History } from '../core/journal/history.ts';
import type { Knob, Source, Space } from '../core/space/knob.ts';
import { rebuildSpace } from '../core/space/range/build-space.ts';
import { withoutLength } from '../core/space/range/training-length.ts';
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
  const knobsOf = createKnobCache(lab, history);
  return async (experiment) => {
    if (last?.experiment === experiment) return last.spanned;
    const source = await readSource(lab, history(), experiment);
    const before = await Promise.all(codeBefore(history(), experiment).map(knobsOf));
    // The first of a name counts: the ranges follow the values with which knobs first stood in the study.
    const spanned = { source, space: rebuildSpace(source.knobs, lab.brief.space, before.flat()) };
    last = { experiment, spanned };
    return spanned;
  };
}

/** The accepted experiments from the start to this one, without it, that may have brought knobs, oldest first. */
function codeBefore(history: History, experiment: number): readonly number[] {
  const line: number[] = [];
  for (let at: number | undefined = experimentOf(history, experiment).parent; at !== undefined; ) {
    const record = experimentOf(history, at);
    if (record.proposal?.kind !== 'knobs') line.unshift(at);
    at = record.parent;
  }
  return line;
}

/** Reads the knobs of an experiment once: those of an accepted candidate never change. */
function createKnobCache(lab: Lab, history: () => History): (experiment: number) => Promise<readonly Knob[]> {
  const read = new Map<number, readonly Knob[]>();
  return async (experiment) => {
    const known = read.get(experiment) ?? (await readSource(lab, history(), experiment)).knobs;
    read.set(experiment, known);
    return known;
  };
}

async function readSource(lab: Lab, history: History, experiment: number): Promise<Source> {
  const record = experimentOf(history, experiment);
  const files = await lab.workspace.read(record.candidate?.commit ?? history.start);
  const reading = await lab.knobReader.read(files);
  // No candidate gets here, since it must parse to be accepted: only a start commit in a dialect unknown to us does.
  if (reading.kind === 'unreadable') throw new StudyError(`The editable files cannot be read: ${reading.reason}.`);
  return { files, knobs: isFixedWork(history) ? reading.knobs.map(withoutLength) : reading.knobs };
}
