/**
 * The editable files of an accepted candidate, with its knobs and the space they span.
 */

import { StudyError } from '../core/base/errors.ts';
import { isFixedWork } from '../core/journal/fixed-work.ts';
import { experimentOf, type History } from '../core/journal/history.ts';
import { constrainSpace } from '../core/space/constraint/constrain-space.ts';
import type { Knob, Source, Space } from '../core/space/knob.ts';
import { rebuildSpace } from '../core/space/range/build-space.ts';
import { withoutLength } from '../core/space/range/training-length.ts';
import type { KnobReading } from '../ports/knob-reader.ts';
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
    const space = constrainSpace(rebuildSpace(source.knobs, lab.brief.space, before.flat()), source);
    const spanned = { source, space };
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
  const commit = record.candidate?.commit ?? history.start;
  const files = await lab.workspace.read(commit);
  const reading = await readKnobs(lab, commit, files);
  // No candidate gets here, since it must parse to be accepted: only a start commit in a dialect unknown to us does.
  if (reading.kind === 'unreadable') throw new StudyError(`The editable files cannot be read: ${reading.reason}.`);
  const { knobs, constraints = [] } = reading;
  return { files, knobs: isFixedWork(history) ? knobs.map(withoutLength) : knobs, constraints };
}

/** Reads these editable files beside the fixed files of a commit that they import. */
export async function readKnobs(
  { workspace, knobReader }: Pick<Lab, 'workspace' | 'knobReader'>,
  commit: string,
  files: Source['files'],
): Promise<KnobReading> {
  const paths = knobReader.importsOf?.(files) ?? [];
  return knobReader.read(files, paths.length === 0 ? {} : await workspace.readBeside?.(commit, paths));
}
