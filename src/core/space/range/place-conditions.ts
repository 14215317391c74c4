/**
 * Finds the knobs that the conditions of other knobs name. A condition on a knob that is not searched never changes, so
 * it is decided here.
 */
import { BriefError } from '../../base/errors.ts';
import { nearestName } from '../../base/nearest-name.ts';
import type { Condition, Dimension, Knob } from '../knob.ts';
import { formatConditions, holds, type WrittenCondition } from './conditions.ts';
import type { KnobRange, Origin } from './knob-range.ts';
import { rangeContains } from './range-contains.ts';

/** Whether a knob is searched, and how or why not. */
export type KnobPlan =
  | { readonly kind: 'searched'; readonly knob: Knob; readonly dimension: Dimension; readonly origin: Origin }
  /** Not searched, and why. */
  | { readonly kind: 'still'; readonly knob: Knob; readonly why: string };

/** The plans of all knobs. Throws when a condition names no knob, can never hold, or a knob depends on itself. */
export function placeConditions(all: readonly KnobRange[]): readonly KnobPlan[] {
  for (const each of all) {
    for (const condition of each.when) requireGate(all, each, condition);
    const circle = circleFrom(all, each, []);
    if (circle) throw new BriefError(`${each.subject} must not depend on itself: ${namesOf(circle)}`);
  }
  return all.map((each) => planOf(all, each));
}

/** The same for code that an experiment has changed: such conditions are dropped instead. */
export function placeWhatHolds(all: readonly KnobRange[]): readonly KnobPlan[] {
  const sensible = all.map((each) => ({
    ...each,
    when: circleFrom(all, each, []) ? [] : each.when.filter((condition) => gateOf(all, each.knob, condition.knob)),
  }));
  return sensible.map((each) => planOf(sensible, each));
}

function requireGate(all: readonly KnobRange[], { knob, subject }: KnobRange, condition: WrittenCondition): void {
  const names = all.map((each) => each.knob.name);
  const gate = gateOf(all, knob, condition.knob);
  if (!gate) throw unknownKnob(`${subject}: \`${condition.knob}\``, condition.knob, names);
  const { range } = gate;
  if (condition.kind !== 'one-of' || range === undefined) return;
  if (condition.values.some((value) => rangeContains(range, value))) return;
  throw new BriefError(
    `${subject} has a condition that never holds: \`${formatConditions([condition])}\` is outside the range of \`${gate.knob.name}\``,
  );
}

function planOf(all: readonly KnobRange[], { knob, range, when, origin, why }: KnobRange): KnobPlan {
  if (range === undefined) return { kind: 'still', knob, why };
  const open: Condition[] = [];
  for (const condition of when) {
    const gate = gateOf(all, knob, condition.knob);
    if (gate === undefined) continue;
    if (gate.range !== undefined) open.push({ ...condition, file: gate.knob.file });
    else if (!holds(condition, gate.knob.value)) {
      return { kind: 'still', knob, why: `\`${formatConditions([condition])}\` does not hold` };
    }
  }
  const dimension = open.length === 0 ? { knob, range } : { knob, range, when: open };
  return { kind: 'searched', knob, dimension, origin };
}

/** The knob that a condition names: the one in the same file, else the first of that name. */
function gateOf(all: readonly KnobRange[], of: Knob, name: string): KnobRange | undefined {
  const named = all.filter(({ knob }) => knob.name === name);
  return named.find(({ knob }) => knob.file === of.file) ?? named[0];
}

/**
 * The circle of knobs, each depending on the next, that is reached from a knob along its conditions, if there is one.
 */
function circleFrom(
  all: readonly KnobRange[],
  each: KnobRange,
  path: readonly KnobRange[],
): readonly KnobRange[] | undefined {
  const start = path.indexOf(each);
  if (start >= 0) return [...path.slice(start), each];
  for (const condition of each.when) {
    const gate = gateOf(all, each.knob, condition.knob);
    const circle = gate && circleFrom(all, gate, [...path, each]);
    if (circle) return circle;
  }
  return undefined;
}

function namesOf(circle: readonly KnobRange[]): string {
  return circle.map(({ knob }) => knob.name).join(' if ');
}

/** The error for a name that is no knob, with the nearest knob's name or all of them; `subject` begins its sentence. */
export function unknownKnob(subject: string, name: string, names: readonly string[]): BriefError {
  const nearest = nearestName(name, names);
  const known = names.length === 0 ? 'they have none' : `expected one of ${[...new Set(names)].join(', ')}`;
  const help = nearest === undefined ? known : `did you mean \`${nearest}\`?`;
  return new BriefError(`${subject} is not a knob of the editable files; ${help}`, {
    hint: 'A knob is a line `NAME = value` in capitals at the top level of an editable file.',
  });
}
