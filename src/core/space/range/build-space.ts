/**
 * The space that a source's knobs span: what is searched, in which range, and what is not and why.
 */

import type { Knob, Space } from '../knob.ts';
import { type Declared, fitsKnob, knobRange } from './knob-range.ts';
import { type KnobPlan, placeConditions, placeWhatHolds, unknownKnob } from './place-conditions.ts';

/**
 * Every knob's plan, in source order. A declaration is for each knob of its name. Whatever is wrong with a declaration or
 * an annotation is one error; `where` is the brief's name in it.
 */
export function planKnobs(knobs: readonly Knob[], declared: Declared, where: string): readonly KnobPlan[] {
  const names = knobs.map((knob) => knob.name);
  for (const name of Object.keys(declared)) {
    if (!names.includes(name)) throw unknownKnob(`${where}: \`space.${name}\``, name, names);
  }
  return placeConditions(knobs.map((knob) => knobRange(knob, declared, where)));
}

/** Everything a search may turn, in source order. */
export function buildSpace(knobs: readonly Knob[], declared: Declared, where: string): Space {
  return spaceOf(planKnobs(knobs, declared, where));
}

/**
 * The same after the code has moved on: what is declared and no longer fits its knob, or whose knob is gone, gives way to
 * the annotation, and that to the derived range. Only the owner's own source is held to the letter.
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
