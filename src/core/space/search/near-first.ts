/**
 * Near the present value first, wide once that has paid or failed.
 *
 * What public studies kept ended near where it began, from values that somebody had tuned. A knob whose near draws were kept was not
 * tuned, or is not any more; one whose near draws failed has nothing more to give there.
 */
import { type ExperimentRecord, type History, isDropped } from '../../journal/history.ts';
import type { Dimension, Space } from '../knob.ts';
import { knobKey, turnedBy } from '../trials/trials.ts';

/** Tries of a knob, none of them kept, after which its draws are wide. */
const enoughTries = 4;

/**
 * The space without the spread of knobs that are to be drawn from their whole range; of all in a study that began before draws had
 * one, because a seed's draws are the same for ever.
 */
export function nearFirst(space: Space, { experiments, draws }: Pick<History, 'experiments' | 'draws'>): Space {
  if (space.every(({ spread }) => spread === undefined)) return space;
  if (draws === undefined) return space.map(withoutSpread);
  const judged = experiments.filter((record) => record.verdict !== undefined && !isDropped(record));
  const turned = judged.map((record) => ({ record, keys: new Set(Object.keys(turnedBy(record.proposal))) }));
  return space.map((dimension) => {
    const key = knobKey(dimension.knob);
    const own = turned.flatMap(({ record, keys }) => (keys.has(key) ? [record] : []));
    return isWide(own) ? withoutSpread(dimension) : dimension;
  });
}

function isWide(tries: readonly ExperimentRecord[]): boolean {
  return tries.length >= enoughTries || tries.some(({ kept }) => kept !== undefined);
}

function withoutSpread({ spread: _, ...dimension }: Dimension): Dimension {
  return dimension;
}
