/**
 * The space of a source's knobs: which knobs are searched, in which range, and which are not and why.
 */

import type { Knob, Space } from '../knob.ts';
import { interfaceFirst } from './interface-first.ts';
import { type Declared, fitsKnob, type KnobRange, knobRange } from './knob-range.ts';
import { keysOf, knobsNamed, requireKnob } from './name-knobs.ts';
import { type KnobPlan, placeConditions, placeWhatHolds } from './place-conditions.ts';

/**
 * Every knob's plan, in source order. A declaration is for each knob that it names. Throws one error for a declaration or
 * an annotation that is wrong; `where` is the brief's name in it.
 */
export function planKnobs(knobs: readonly Knob[], declared: Declared, where: string): readonly KnobPlan[] {
  for (const name of Object.keys(declared)) requireKnob(`${where}: \`space.${name}\``, knobs, name);
  return placeConditions(knobRanges(knobs, declared, where));
}

/** All knobs that a search may set, in source order. Throws like `planKnobs`. */
export function buildSpace(knobs: readonly Knob[], declared: Declared, where: string): Space {
  return spaceOf(planKnobs(knobs, declared, where));
}

/**
 * The same for code that an experiment has changed. A declaration that no longer fits its knob, or whose
 * knob is gone, is dropped for the annotation, and an annotation that does not fit for the derived range. Only in the
 * owner's own source are these errors. `born` are the knobs as they first stood in the study, which derived ranges follow.
 */
export function rebuildSpace(knobs: readonly Knob[], declared: Declared, born: readonly Knob[] = []): Space {
  const still = Object.entries(declared).filter(([name, text]) => {
    return knobsNamed(knobs, name).every((knob) => fitsKnob(knob, text));
  });
  const fitting = knobs.map(({ annotation, ...knob }) =>
    annotation !== undefined && fitsKnob(knob, annotation) ? { ...knob, annotation } : knob,
  );
  return spaceOf(placeWhatHolds(knobRanges(fitting, Object.fromEntries(still), '', born)));
}

/** The ranges by themselves; `born` are the knobs as they first stood in the study. */
function knobRanges(
  knobs: readonly Knob[],
  declared: Declared,
  where: string,
  born: readonly Knob[] = [],
): readonly KnobRange[] {
  const keys = keysOf(knobs, Object.keys(declared));
  const ranges = knobs.map((knob) => {
    const first = born.find(({ file, name }) => file === knob.file && name === knob.name);
    const context = { beside: knobs, ...(first && { born: first }) };
    const named = keys.get(knob.name);
    const key = named !== undefined && knobsNamed(knobs, named).includes(knob) ? named : undefined;
    return knobRange(knob, declared, { key, where, context });
  });
  return interfaceFirst(ranges);
}

function spaceOf(plans: readonly KnobPlan[]): Space {
  return plans.flatMap((plan) => (plan.kind === 'searched' ? [plan.dimension] : []));
}
