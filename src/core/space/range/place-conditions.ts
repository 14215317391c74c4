/**
 * Finds the knobs that the conditions of other knobs name. A condition on a knob that is not searched never changes, so
 * it is decided here.
 */
import { BriefError } from '../../base/errors.ts';
import type { Condition, Dimension, Knob, Range, Spread } from '../knob.ts';
import { keptSpread } from '../public/kept-spread.ts';
import { knobKind } from '../public/knob-kind.ts';
import { formatConditions, holds, type WrittenCondition } from './conditions.ts';
import type { KnobRange, Origin } from './knob-range.ts';
import { knobWords } from './knob-words.ts';
import { knobsNamed, requireKnob } from './name-knobs.ts';
import { rangeContains } from './range-contains.ts';

/** Whether a knob is searched, and how or why not. */
export type KnobPlan =
  | { readonly kind: 'searched'; readonly knob: Knob; readonly dimension: Dimension; readonly origin: Origin }
  /** Not searched, and why; `isInside` when only because the script's interface is searched instead. */
  | { readonly kind: 'still'; readonly knob: Knob; readonly why: string; readonly isInside?: true };

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
  const gate = gateOf(all, knob, condition.knob);
  if (!gate) requireKnob(`${subject}: \`${condition.knob}\``, knobsOf(all), condition.knob);
  if (condition.kind !== 'one-of' || gate?.range === undefined) return;
  const { range } = gate;
  if (condition.values.some((value) => rangeContains(range, value))) return;
  throw new BriefError(
    `${subject} has a condition that never holds: \`${formatConditions([condition])}\` is outside the range of \`${gate.knob.name}\``,
  );
}

function planOf(all: readonly KnobRange[], { knob, range, when, origin, why, isInside }: KnobRange): KnobPlan {
  if (range === undefined) return { kind: 'still', knob, why, ...(isInside && { isInside }) };
  const open: Condition[] = [];
  for (const condition of when) {
    const gate = gateOf(all, knob, condition.knob);
    if (gate === undefined) continue;
    if (gate.range !== undefined) open.push({ ...condition, knob: gate.knob.name, file: gate.knob.file });
    else if (!holds(condition, gate.knob.value)) {
      return { kind: 'still', knob, why: `\`${formatConditions([condition])}\` does not hold` };
    }
  }
  const spread = origin === 'derived' ? firstSpread(knob, range) : undefined;
  const dimension = { knob, range, ...(open.length > 0 && { when: open }), ...(spread && { spread }) };
  return { kind: 'searched', knob, dimension, origin };
}

/** How near the present value draws begin, where public studies say it of such knobs. */
function firstSpread(knob: Knob, { kind }: Range): Spread | undefined {
  const isMultiplied = typeof knob.value === 'number' && knob.value > 0 && kind !== 'choice' && kind !== 'tuple';
  return isMultiplied ? keptSpread(knobKind(knobWords(knob).own)) : undefined;
}

/**
 * The knob that a condition names: the one in the same file, else the first of that name; none where several knobs with
 * different names end so.
 */
function gateOf(all: readonly KnobRange[], of: Knob, name: string): KnobRange | undefined {
  const named = knobsNamed(knobsOf(all), name);
  if (named.some((knob) => knob.name !== named[0]?.name)) return undefined;
  const gate = named.find((knob) => knob.file === of.file) ?? named[0];
  return all.find(({ knob }) => knob === gate);
}

function knobsOf(all: readonly KnobRange[]): readonly Knob[] {
  return all.map(({ knob }) => knob);
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
