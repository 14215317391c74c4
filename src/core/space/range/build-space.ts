/**
 * The space of a source's knobs: which knobs are searched, in which range, and which are not and why.
 */

import type { Knob, Space } from '../knob.ts';
import { type Declared, fitsKnob, knobRange } from './knob-range.ts';
import { type KnobPlan, placeConditions, placeWhatHolds, unknownKnob } from './place-conditions.ts';

/**
 * Every knob's plan, in source order. A declaration is for each knob of its name. Throws one error for a declaration or
 * an annotation that is wrong; `where` is the brief's name in it.
 */
export function planKnobs(knobs: readonly Knob[], declared: Declared, where: string): readonly KnobPlan[] {
  const names = knobs.map((knob) => knob.name);
  for (const name of Object.keys(declared)) {
    if (!names.includes(name)) throw unknownKnob(`${where}: \`space.${name}\``, name, names);
  }
  return placeConditions(knobs.map((knob) => knobRange(knob, declared, where)));
}

/** All knobs that a search may set, in source order. Throws like `planKnobs`. */
export function buildSpace(knobs: readonly Knob[], declared: Declared, where: string): Space {
  return spaceOf(planKnobs(knobs, declared, where));
}

/**
 * The same for code that an experiment has changed. A declaration that no longer fits its knob, or whose
 * knob is gone, is dropped for the annotation, and an annotation that does not fit for the derived range. Only in the
 * owner's own source are these errors.
 */
export function rebuildSpace(knobs: readonly Knob[], declared: Declared): Space {
  const still = Object.entries(declared).filter(([name, text]) => {
    return knobs.every((knob) => knob.name !== name || fitsKnob(knob, text));
  });
  const fitting = knobs.map(({ annotation, ...knob }) =>
    annotation !== undefined && fitsKnob(knob, annotation) ? { ...knob, annotation } : knob,
  );
  return spaceOf(placeWhatHolds(fitting.map((knob) => knobRange(knob, Object.fromEntries(still), ''))));
}

function spaceOf(plans: readonly KnobPlan[]): Space {
  return plans.flatMap((plan) => (plan.kind === 'searched' ? [plan.dimension] : []));
}
