/**
 * Numbers on the command line. Apart from the settings, so that a mistyped flag is refused before anything else is loaded.
 */
import { SettingsError } from '../../core/base/errors.ts';
import { parseStrictNumber } from '../../core/base/strict-number.ts';
import { readDuration } from '../../core/journal/settings/parse-duration.ts';

/** A commander parser for a flag that is a whole number of at least one. */
export function parseCount(flag: string): (text: string) => number {
  return (text) => countOf(flag, text, 'a whole number of at least 1');
}

/** A commander parser for a flag that is a whole number of at least one, or `auto`. */
export function parseCountOrAuto(flag: string): (text: string) => number | 'auto' {
  return (text) => (text === 'auto' ? text : countOf(flag, text, 'a whole number of at least 1, or auto'));
}

function countOf(flag: string, text: string, expected: string): number {
  const value = parseStrictNumber(text)?.value;
  if (value !== undefined && Number.isInteger(value) && value >= 1) return value;
  throw notANumber(flag, expected, text);
}

/** A commander parser for a flag that is a number above zero. */
export function parsePositive(flag: string): (text: string) => number {
  return (text) => {
    const value = parseStrictNumber(text)?.value;
    if (value !== undefined && value > 0) return value;
    throw notANumber(flag, 'a number above 0', text);
  };
}

/** A commander parser for a flag that is any finite number. */
export function parseNumber(flag: string): (text: string) => number {
  return (text) => {
    const value = parseStrictNumber(text)?.value;
    if (value !== undefined) return value;
    throw notANumber(flag, 'a number', text);
  };
}

/** A commander parser for a flag that is a duration; gives seconds. */
export function parseDurationFlag(flag: string): (text: string) => number {
  return (text) => {
    const reading = readDuration(text);
    if (reading.kind === 'read') return reading.value;
    throw notANumber(flag, reading.expected, text);
  };
}

/** A commander parser for a port; 0 is any that is free. */
export function parsePort(flag: string): (text: string) => number {
  return (text) => {
    const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
    if (port <= 65_535) return port;
    throw notANumber(flag, 'a whole number from 0 to 65535', text);
  };
}

/** A commander parser for the number of an experiment. */
export function parseExperiment(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new SettingsError(`The number of an experiment must be a whole number, found ${JSON.stringify(text)}.`, {
    hint: 'List them with `nocturne log`.',
  });
}

function notANumber(flag: string, expected: string, found: string): SettingsError {
  return new SettingsError(`${flag} must be ${expected}, found ${JSON.stringify(found)}.`);
}
