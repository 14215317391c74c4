/**
 * What `metric:` says: the name of the number to improve, and the pattern that finds it in a script's own log.
 */
import { z } from 'zod';
import { type ReadResult, read, refuse } from '../../base/read-result.ts';
import { readInnerFile } from './brief-path.ts';
import { field } from './fields.ts';

/** The keys under `metric:`. */
export const metricFields = z.strictObject(
  { name: field(readMetricName), pattern: field(readPattern).optional(), file: field(readInnerFile).optional() },
  { error: "the name of the number to improve, such as val_bpb or { name: acc, pattern: 'acc=(\\S+)' }" },
);

/** `metric:` as a brief writes it; a plain name is short for `{ name }`. */
export const writtenMetric = z.preprocess((raw) => (typeof raw === 'string' ? { name: raw } : raw), metricFields);

function readMetricName(raw: unknown): ReadResult<string> {
  if (typeof raw === 'string' && /^[^\s:=,|]+$/.test(raw)) return read(raw);
  return refuse('a name without spaces or any of `:=,|`');
}

function readPattern(raw: unknown): ReadResult<string> {
  if (typeof raw !== 'string' || raw === '') return refuse('a regular expression');
  const groups = countGroups(raw);
  if (groups === undefined) return refuse('a valid regular expression');
  return groups === 1 ? read(raw) : refuse(`a regular expression with one group, not ${groups}`);
}

/** Adds an empty alternative, which matches any text: the match has an item for each group. */
function countGroups(pattern: string): number | undefined {
  try {
    new RegExp(pattern);
    return (new RegExp(`${pattern}|`).exec('')?.length ?? 1) - 1;
  } catch {
    return undefined;
  }
}
