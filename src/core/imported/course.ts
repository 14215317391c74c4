/**
 * The way that a ledger's decisions went: which direction they speak for.
 */
import type { Goal } from '../base/metric.ts';
import type { Reading } from './status-words.ts';

/** A row as a step of the course. */
export interface Step {
  readonly reading: Reading | undefined;
  readonly value: number | null;
}

/** How many decisions speak for each direction. */
export interface Course {
  readonly lower: number;
  readonly higher: number;
  /** Of those, the rows that were kept. */
  readonly keptLower: number;
  readonly keptHigher: number;
  /** Rows kept without a change of the score. */
  readonly equalKeeps: number;
  /** The sum of all moves from one kept row to the next, and of their sizes. */
  readonly net: number;
  readonly travelled: number;
}

/**
 * A kept row speaks for the way from the one kept before it, a discarded one against its own; a baseline begins anew. A zero
 * that was not kept says nothing: it mostly stands for no score.
 */
export function courseOf(steps: readonly Step[]): Course {
  const course = { lower: 0, higher: 0, keptLower: 0, keptHigher: 0, equalKeeps: 0, net: 0, travelled: 0 };
  let incumbent: number | undefined;
  for (const { reading, value } of steps) {
    if (value === null || reading === 'crash') continue;
    if (reading === 'baseline') incumbent = value;
    else if (reading === 'keep') {
      if (incumbent !== undefined && value < incumbent) {
        course.lower += 1;
        course.keptLower += 1;
      } else if (incumbent !== undefined && value > incumbent) {
        course.higher += 1;
        course.keptHigher += 1;
      } else if (incumbent !== undefined) course.equalKeeps += 1;
      course.net += value - (incumbent ?? value);
      course.travelled += Math.abs(value - (incumbent ?? value));
      incumbent = value;
    } else if (reading === 'discard' && incumbent !== undefined && value !== 0) {
      if (value > incumbent) course.lower += 1;
      else if (value < incumbent) course.higher += 1;
    }
  }
  return course;
}

/**
 * The direction that the course speaks for plainly: all of at least two decisions or the only keep, most of many, or kept
 * scores that went one way for most of the way that they went.
 */
export function goalOfCourse({ lower, higher, keptLower, keptHigher, net, travelled }: Course): Goal | undefined {
  const total = lower + higher;
  if (total === 0) return undefined;
  const share = Math.max(lower, higher) / total;
  const isPlain =
    share === 1 ? total >= 2 || keptLower + keptHigher === 1 : share >= (total >= 12 ? 0.7 : total >= 5 ? 0.8 : 1);
  if (isPlain) return lower > higher ? 'minimize' : 'maximize';
  const isOneWay = keptLower + keptHigher >= 3 && Math.abs(net) >= 0.6 * travelled;
  return isOneWay ? (net < 0 ? 'minimize' : 'maximize') : undefined;
}

/** The sum of two courses. */
export function addCourses(a: Course, b: Course): Course {
  return {
    lower: a.lower + b.lower,
    higher: a.higher + b.higher,
    keptLower: a.keptLower + b.keptLower,
    keptHigher: a.keptHigher + b.keptHigher,
    equalKeeps: a.equalKeeps + b.equalKeeps,
    net: a.net + b.net,
    travelled: a.travelled + b.travelled,
  };
}
