/**
 * Arguments that several tools take, each with what is wrong with another value.
 */
import { z } from 'zod';
import { tagShape } from '../session/parse-tag.ts';

/** A study, by default the one worked on last. */
export const tagField = z
  .string({ error: 'must be the tag of a study' })
  .regex(tagShape, { error: 'must be the tag of a study, as `studies` lists them' })
  .optional()
  .describe('tag of the study; default: the one worked on last');

/** The number of an experiment. */
export const experimentField = wholeNumber(0, 999_999).describe('number of the experiment; 0 is the baseline');

/** A whole number within bounds. */
export function wholeNumber(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** A number above zero. */
export function positive(unit: string) {
  const error = `must be a number of ${unit} above 0`;
  return z.number({ error }).positive({ error });
}

/** A text of a bounded length that is not empty. */
export function boundedText(maxCharacters: number) {
  const error = `must be a text of 1 to ${maxCharacters} characters`;
  return z.string({ error }).min(1, { error }).max(maxCharacters, { error });
}
