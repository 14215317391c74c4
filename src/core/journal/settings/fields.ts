/**
 * Zod fields for what an owner writes into a brief. Their messages are the end of "must be …".
 */
import { z } from 'zod';
import { alternativesText } from '../../base/format.ts';
import type { ReadResult } from '../../base/read-result.ts';

/** Runs a reader as a zod field; its refusal becomes the issue. */
export function field<Value>(reader: (raw: unknown) => ReadResult<Value>) {
  return z.unknown().transform((raw, context) => {
    const reading = reader(raw);
    if (reading.kind === 'read') return reading.value;
    const { expected, found, hint } = reading;
    context.addIssue({ code: 'custom', message: expected, params: { found, hint } });
    return z.NEVER;
  });
}

/**
 * A list without duplicates. An empty one is refused with `ifEmpty` as what it must be, and allowed where that is
 * absent.
 */
export function list<Value>(reader: (raw: unknown) => ReadResult<Value>, expected: string, ifEmpty?: string) {
  const items = z.array(field(reader), { error: expected });
  const filled = ifEmpty === undefined ? items : items.min(1, { error: ifEmpty });
  return filled.transform((values) => [...new Set(values)]);
}

/** One of these names. */
export function oneOf<Name extends string>(names: readonly Name[]) {
  return z.enum(names, { error: alternativesText(names) });
}

/** A whole number of at least `least`. */
export function wholeNumber(least: number, expected: string) {
  return z.int({ error: expected }).min(least, { error: expected });
}

/** A whole number of at least 1. */
export function count(expected: string) {
  return wholeNumber(1, expected);
}

/** A whole number of at least `least`, or `auto`. */
export function countOrAuto(least: number, expected: string) {
  return z.union([wholeNumber(least, expected), z.literal('auto')], { error: expected });
}

/** A number above 0. */
export function aboveZero(expected: string) {
  return z.number({ error: expected }).positive({ error: expected });
}
