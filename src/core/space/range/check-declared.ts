/**
 * Whether the ranges of a brief are right for a study that goes on: for its script as it was at the start, or as the
 * study has made it. Ranges that were right at the start stay so, whatever an experiment did to their knobs.
 */
import { BriefError } from '../../base/errors.ts';
import type { Knob } from '../knob.ts';
import { splitOutside } from '../split-outside.ts';
import { planKnobs } from './build-space.ts';
import { type Declared, fitsKnob } from './knob-range.ts';
import { knobsNamed, requireKnob } from './name-knobs.ts';

/** The knobs of the script at the start of the study, and of the one that it goes on with. */
interface Scripts {
  readonly atStart: readonly Knob[];
  readonly now: readonly Knob[];
}

/**
 * Throws one error for a range that is wrong for both scripts, as `planKnobs` does at a start. Returns the names that
 * only the start had, whose ranges do nothing now.
 */
export function checkDeclared({ atStart, now }: Scripts, declared: Declared, where: string): readonly string[] {
  const scripts = [now, atStart];
  const names = Object.keys(declared);
  for (const name of names) requireRight(name, scripts, declared, where);
  const troubles = scripts.map((knobs) => troubleOf(() => planKnobs(knobs, fitting(knobs, declared), where)));
  if (troubles.every((trouble) => trouble !== undefined)) throw troubles[0];
  return names.filter((name) => knobsNamed(now, name).length === 0);
}

/** Throws unless the range is right for one of the scripts that have the knob. */
function requireRight(name: string, scripts: readonly (readonly Knob[])[], declared: Declared, where: string): void {
  const having = scripts.filter((knobs) => knobsNamed(knobs, name).length > 0);
  if (having.length === 0) requireKnob(`${where}: \`space.${name}\``, scripts[0] ?? [], name);
  const troubles = having.map((knobs) => {
    // Its conditions may name knobs whose own conditions are wrong, which is then said of those.
    const others = Object.entries(fitting(knobs, declared)).map(([key, text]) => [key, withoutConditions(text)]);
    return troubleOf(() => planKnobs(knobs, { ...Object.fromEntries(others), [name]: declared[name] }, where));
  });
  if (troubles.every((trouble) => trouble !== undefined)) throw troubles[0];
}

/** The ranges that fit these knobs. */
function fitting(knobs: readonly Knob[], declared: Declared): Declared {
  const fits = ([name, text]: readonly [string, string]) => {
    const own = knobsNamed(knobs, name);
    return own.length > 0 && own.every((knob) => fitsKnob(knob, text));
  };
  return Object.fromEntries(Object.entries(declared).filter(fits));
}

function withoutConditions(text: string): string {
  return splitOutside(text.replace(/\s+/g, ' '), ' if ', 2)[0] ?? text;
}

/** What it throws, if it does; a bug is rethrown. */
function troubleOf(act: () => unknown): BriefError | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof BriefError) return error;
    throw error;
  }
}
