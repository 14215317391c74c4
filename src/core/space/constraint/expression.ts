/**
 * Expressions of numbers and knobs, with Python's arithmetic.
 */
import { ok } from '../../base/errors.ts';
import type { Expression, KnobTerm, KnobValue } from '../knob.ts';

/** The operators that are followed; `//` and `%` round down, as Python's do. */
export const operators = [
  ...['+', '-', '*', '/', '//', '%', '**', 'int', 'float', 'bool', 'abs', 'min', 'max', 'gcd'],
  ...['==', '!=', '<', '<=', '>', '>=', 'and', 'or', 'not'],
] as const;
type Operator = (typeof operators)[number];

/** The value that a knob has in a configuration. */
export type ValueOf = (file: string, knob: string) => KnobValue | undefined;

/** The expression's value; NaN where it has none, as of a division by zero. */
export function evaluate(expression: Expression, valueAt: ValueOf): number {
  if (typeof expression === 'number') return expression;
  if ('knob' in expression) return numberOf(valueAt(expression.file, expression.knob));
  const { operator, of } = expression;
  const compute = computations[operator as Operator];
  ok(compute !== undefined, `${operator} is an operator of constraints`);
  return compute(of.map((operand) => evaluate(operand, valueAt)));
}

/** All knobs of an expression, in order. */
export function knobTerms(expression: Expression): readonly KnobTerm[] {
  if (typeof expression === 'number') return [];
  return 'knob' in expression ? [expression] : expression.of.flatMap(knobTerms);
}

/** The expression and all that it is made of. */
export function partsOf(expression: Expression): readonly Expression[] {
  if (typeof expression === 'number' || 'knob' in expression) return [expression];
  return [expression, ...expression.of.flatMap(partsOf)];
}

function numberOf(value: KnobValue | undefined): number {
  return typeof value === 'number' || typeof value === 'boolean' ? Number(value) : Number.NaN;
}

type Compute = (operands: readonly number[]) => number;

function ofTwo(compute: (a: number, b: number) => number): Compute {
  return ([a = Number.NaN, b = Number.NaN]) => compute(a, b);
}

function compare(compute: (a: number, b: number) => boolean): Compute {
  return ofTwo((a, b) => (Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : Number(compute(a, b))));
}

const divide: Compute = ofTwo((a, b) => (b === 0 ? Number.NaN : a / b));
const floorDivide: Compute = (operands) => Math.floor(divide(operands));

const computations: Readonly<Record<Operator, Compute>> = {
  '+': ofTwo((a, b) => a + b),
  '-': ofTwo((a, b) => a - b),
  '*': ofTwo((a, b) => a * b),
  '/': divide,
  '//': floorDivide,
  '%': ofTwo((a, b) => a - b * floorDivide([a, b])),
  '**': ofTwo((a, b) => a ** b),
  int: ([a = Number.NaN]) => Math.trunc(a),
  float: ([a = Number.NaN]) => a,
  bool: ([a = Number.NaN]) => (Number.isNaN(a) ? a : Number(a !== 0)),
  abs: ([a = Number.NaN]) => Math.abs(a),
  min: (operands) => Math.min(...operands),
  max: (operands) => Math.max(...operands),
  gcd: (operands) => operands.reduce((a, b) => commonDivisor(a, b)),
  '==': compare((a, b) => a === b),
  '!=': compare((a, b) => a !== b),
  '<': compare((a, b) => a < b),
  '<=': compare((a, b) => a <= b),
  '>': compare((a, b) => a > b),
  '>=': compare((a, b) => a >= b),
  and: (operands) => (operands.some(Number.isNaN) ? Number.NaN : Number(operands.every((each) => each !== 0))),
  or: (operands) => (operands.some(Number.isNaN) ? Number.NaN : Number(operands.some((each) => each !== 0))),
  not: ([a = Number.NaN]) => (Number.isNaN(a) ? a : Number(a === 0)),
};

/** The greatest number that divides both whole numbers; NaN where one is none. */
export function commonDivisor(a: number, b: number): number {
  if (!Number.isInteger(a) || !Number.isInteger(b)) return Number.NaN;
  return b === 0 ? Math.abs(a) : commonDivisor(b, a % b);
}
