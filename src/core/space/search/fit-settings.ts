/**
 * Settings moved inside what the script demands of its knobs: a search draws each knob by itself, and a batch that a device's batch
 * must divide is then seldom one that it divides.
 *
 * The knob whose move is the smallest on its own scale is moved, one that was turned before one that was not.
 */

import { isMet } from '../constraint/constraint.ts';
import { commonDivisor, evaluate, knobTerms, partsOf, type ValueOf } from '../constraint/expression.ts';
import {
  type Constraint,
  type Dimension,
  type Expression,
  type KnobValue,
  type Range,
  type Space,
  sameValue,
} from '../knob.ts';
import type { Setting } from '../knob-proposal.ts';
import { rangeContains } from '../range/range-contains.ts';
import { type Scale, shareOf } from '../scale.ts';
import { gridValues, roundWithin } from './search-values.ts';

/** Moves before it is given up; each mends one constraint and breaks none. */
const maxMoves = 8;
/** Values tried on each side of the one that was drawn, of each kind of step. */
const reach = 16;

/** The settings that meet the space's constraints and are nearest to these; none where nothing near does. */
export function fitSettings(space: Space, settings: readonly Setting[]): readonly Setting[] {
  let fitted = settings;
  for (let move = 0; move < maxMoves; move++) {
    const broken = brokenIn(space, fitted)[0];
    if (broken === undefined) return changed(fitted);
    const next = moved(space, fitted, broken);
    if (next === undefined) return [];
    fitted = next;
  }
  return [];
}

/** The constraints of the space that these settings break. */
export function brokenIn(space: Space, settings: readonly Setting[]): readonly Constraint[] {
  const valueAt = valuesWith(space, settings);
  return constraintsOf(space).filter((constraint) => !isMet(constraint, valueAt));
}

/** The constraints that a draw from these ranges may break: of several knobs, or of one whose range goes beyond what they allow. */
export function bindingIn(space: Space): readonly Constraint[] {
  return constraintsOf(space).filter((constraint) => {
    const named = space.filter(({ constraints = [] }) => constraints.includes(constraint));
    const [dimension, another] = named;
    const isOfSteps = partsOf(constraint.holds).some(
      (part) => typeof part === 'object' && 'operator' in part && part.operator === '%',
    );
    if (dimension === undefined || another !== undefined || isOfSteps) return true;
    return gridValues(dimension.range).some((to) => !isMet(constraint, valuesWith(space, [{ dimension, to }])));
  });
}

function constraintsOf(space: Space): readonly Constraint[] {
  return [...new Set(space.flatMap(({ constraints = [] }) => constraints))];
}

function changed(settings: readonly Setting[]): readonly Setting[] {
  return settings.every(({ dimension, to }) => sameValue(dimension.knob.value, to))
    ? []
    : settings.filter(({ dimension, to }) => !sameValue(dimension.knob.value, to));
}

function valuesWith(space: Space, settings: readonly Setting[]): ValueOf {
  const isKnob = (file: string, name: string, { knob }: Dimension) => knob.file === file && knob.name === name;
  return (file, name) =>
    settings.find(({ dimension }) => isKnob(file, name, dimension))?.to ??
    space.find((dimension) => isKnob(file, name, dimension))?.knob.value;
}

/** The settings with one knob moved so that the constraint holds, and none that held is broken. */
function moved(space: Space, settings: readonly Setting[], broken: Constraint): readonly Setting[] | undefined {
  const before = brokenIn(space, settings).length;
  const named = new Set(knobTerms(broken.holds).map(({ file, knob }) => `${file}:${knob}`));
  const partners = space.filter(({ knob }) => named.has(`${knob.file}:${knob.name}`));
  const options = partners.flatMap((dimension) => {
    const now = settings.find((setting) => setting.dimension === dimension);
    const others = settings.filter((setting) => setting !== now);
    const fits = candidates(space, settings, dimension, broken).filter(({ to }) => {
      const left = brokenIn(space, [...others, { dimension, to }]);
      return left.length < before && !left.includes(broken);
    });
    const nearest = fits.find(({ to }) => !sameValue(to, dimension.knob.value)) ?? fits[0];
    if (nearest === undefined) return [];
    const next = place(settings, now, { dimension, to: nearest.to });
    const isUndone = sameValue(nearest.to, dimension.knob.value);
    // To take a draw back is the last resort, to turn a further knob the one before it.
    return [{ next, rank: isUndone ? 2 : now === undefined ? 1 : 0, distance: nearest.distance }];
  });
  return options.toSorted((a, b) => a.rank - b.rank || a.distance - b.distance)[0]?.next;
}

function place(settings: readonly Setting[], now: Setting | undefined, setting: Setting): readonly Setting[] {
  return now === undefined ? [...settings, setting] : settings.map((each) => (each === now ? setting : each));
}

interface Candidate {
  readonly to: KnobValue;
  /** On the knob's own scale, in shares of it. */
  readonly distance: number;
}

/** Other values of the knob, nearest first. */
function candidates(
  space: Space,
  settings: readonly Setting[],
  dimension: Dimension,
  broken: Constraint,
): readonly Candidate[] {
  const { knob, range } = dimension;
  const valueAt = valuesWith(space, settings);
  const from = valueAt(knob.file, knob.name);
  if (range.kind === 'choice') {
    return range.values.filter((to) => from === undefined || !sameValue(to, from)).map((to) => ({ to, distance: 1 }));
  }
  if (typeof from !== 'number' || typeof knob.value !== 'number' || range.kind === 'tuple') return [];
  const near = [
    ...multiples(broken, dimension, valueAt),
    ...between(knob.value, from),
    ...doublings(from),
    ...steps(from),
  ];
  const values = near.map((value) => (range.kind === 'power-of-two' ? value : roundWithin(range, value)));
  const within = [...new Set(values)].filter((value) => value !== from && rangeContains(range, value));
  return within
    .map((to) => ({ to, distance: Math.abs(placeOf(range, to) - placeOf(range, from)) }))
    .toSorted((a, b) => a.distance - b.distance);
}

/** Values that a remainder of the constraint may ask for: multiples of what is to divide, and divisors of what is divided. */
function multiples({ holds }: Constraint, { knob }: Dimension, valueAt: ValueOf): readonly number[] {
  const from = valueAt(knob.file, knob.name);
  if (typeof from !== 'number' || from === 0) return [];
  const has = (expression: Expression) =>
    knobTerms(expression).some((term) => term.file === knob.file && term.knob === knob.name);
  return partsOf(holds).flatMap((part) => {
    if (typeof part === 'number' || 'knob' in part || part.operator !== '%') return [];
    const [left = 0, right = 0] = part.of;
    const [divided, divisor] = [evaluate(left, valueAt), evaluate(right, valueAt)];
    if (has(left)) {
      const share = divided / from;
      const step = Number.isInteger(share) ? divisor / commonDivisor(divisor, share) : divisor;
      return around(Math.round(from / step)).map((times) => times * step);
    }
    return has(right) ? divisorsOf(divided / (divisor / from)) : [];
  });
}

/** The divisors of a whole number, of which a large one has those found among small numbers and their partners. */
function divisorsOf(number: number): readonly number[] {
  if (!Number.isInteger(number) || number <= 0) return [];
  const small = Array.from({ length: Math.min(Math.floor(Math.sqrt(number)), 1 << 16) }, (_, index) => index + 1);
  return small.filter((each) => number % each === 0).flatMap((each) => [each, number / each]);
}

/** Values on the way back to the present one, which meets the constraint. */
function between(now: number, from: number): readonly number[] {
  return [0.95, 0.9, 0.8, 0.7, 0.5, 0.3, 0.1, 0].map((share) => now + (from - now) * share);
}

function doublings(from: number): readonly number[] {
  const exponent = Math.round(Math.log2(Math.max(1, Math.abs(from))));
  return around(exponent).map((each) => 2 ** each);
}

function steps(from: number): readonly number[] {
  return around(Math.round(from));
}

function around(middle: number): readonly number[] {
  return Array.from({ length: 2 * reach + 1 }, (_, index) => middle + index - reach);
}

function placeOf(range: Exclude<Range, { kind: 'choice' | 'tuple' }>, value: number): number {
  const scale: Scale = range.kind === 'power-of-two' ? { ...range, log: true } : range;
  return shareOf(scale, scale.log ? Math.max(value, scale.low / 2) : value);
}
