/**
 * A script's own interface is searched before what is inside its code.
 *
 * Constants, flags, fields, variables and settings files are where an author put what is there to be set. Where enough of
 * them are searched, literals inside the code stay as they are unless a range is declared for them: they are many, and
 * turning them would leave few experiments for the others. The learning rate is searched wherever it is.
 */
import { nameWords } from '../../base/name-words.ts';
import type { KnobForm } from '../knob.ts';
import type { KnobRange } from './knob-range.ts';
import { isRate } from './range-rules.ts';

/** How deep inside the code a form is. */
const depths: Readonly<Record<KnobForm, 0 | 1 | 2>> = {
  constant: 0,
  flag: 0,
  field: 0,
  variable: 0,
  config: 0,
  declared: 0,
  global: 1,
  entry: 1,
  argument: 2,
};

/** Searched knobs that make an interface. */
const minInterface = 3;

/**
 * The same knobs; those deeper than the interface are still, `isInside` set, unless their range is declared. So are the
 * fields of a class that is filled by its constructor alone.
 */
export function interfaceFirst(all: readonly KnobRange[]): readonly KnobRange[] {
  const countTo = (depth: number) => all.filter((each) => each.range !== undefined && depthOf(each) <= depth).length;
  const limit = [0, 1].find((depth) => countTo(depth) >= minInterface) ?? 2;
  const hasRate = all.some((each) => depthOf(each) <= limit && isLearningRate(each));
  return all.map((each) => {
    if (each.origin !== 'derived') return each;
    if (limit === 0 && isFilled(each, all)) return { ...each, isInside: true };
    if (depthOf(each) <= limit || each.range === undefined || (isLearningRate(each) && !hasRate)) return each;
    const { range: _, ...still } = each;
    return { ...still, isInside: true, why: 'the interface of the script is searched instead' };
  });
}

/** Whether it is a field of a class no field of which has an effect. */
function isFilled({ knob }: KnobRange, all: readonly KnobRange[]): boolean {
  if (knob.form !== 'field' || knob.still === undefined) return false;
  const { of, file } = knob;
  return all.every((each) => each.knob.of !== of || each.knob.file !== file || each.knob.still !== undefined);
}

/** No search is worth much without the learning rate, which an interface of paths and sizes may lack. */
function isLearningRate({ knob }: KnobRange): boolean {
  return isRate(nameWords(knob.name));
}

function depthOf({ knob }: KnobRange): number {
  return depths[knob.form ?? 'constant'];
}
