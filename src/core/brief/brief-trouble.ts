/**
 * Turns what is wrong with a brief's front matter into one sentence with its line.
 */
import type { z } from 'zod';
import { BriefError, ok } from '../base/errors.ts';
import { nearestName } from '../base/nearest-name.ts';
import { type Refusal, refusalError, refuse } from '../base/read-result.ts';
import { engineKeys } from '../journal/settings/engine-settings.ts';
import { metricFields } from '../journal/settings/metric-fields.ts';
import { stopFields } from '../journal/settings/stop-rules.ts';
import { settingsSchema } from './brief-schema.ts';
import type { FrontMatter, ValuePath } from './front-matter.ts';

/** The first trouble in the file's own order, as an error: a person mends one line at a time. */
export function firstTrouble(issues: readonly z.core.$ZodIssue[], frontMatter: FrontMatter, where: string): BriefError {
  const troubles = issues.flatMap(troublesIn);
  // A key that is missing stands on no line, and what somebody wrote in its place says more.
  const isMissing = ({ path }: Trouble) => !Object.hasOwn(frontMatter.values, String(path[0]));
  const [first] = troubles.toSorted(
    (a, b) => Number(isMissing(a)) - Number(isMissing(b)) || frontMatter.lineOf(a.path) - frontMatter.lineOf(b.path),
  );
  ok(first, 'a refused brief has an issue');
  const name = first.path.filter((step) => typeof step !== 'number').join('.');
  const subject = `${where} line ${frontMatter.lineOf(first.path)}: \`${name}\``;
  if (first.refusal === undefined) return unknownKey(subject, first.path);
  return refusalError(subject, first.refusal, frontMatter.sourceOf(first.path));
}

/** One place where the front matter is wrong; without a refusal it is an unknown key. */
interface Trouble {
  readonly path: ValuePath;
  readonly refusal?: Refusal;
}

function troublesIn(issue: z.core.$ZodIssue): readonly Trouble[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: [...issue.path, key] }));
  const details = issue.code === 'custom' ? issue.params : {};
  return [{ path: issue.path, refusal: refuse(issue.message, details) }];
}

const knownKeys: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(settingsSchema.shape),
  metric: Object.keys(metricFields.shape),
  stop: Object.keys(stopFields.shape),
  ...engineKeys,
};

function unknownKey(subject: string, path: ValuePath): BriefError {
  const parent = path.slice(0, -1).join('.');
  const known = knownKeys[parent] ?? [];
  const nearest = nearestName(String(path.at(-1)), known);
  const prefix = parent === '' ? '' : `${parent}.`;
  const help = nearest === undefined ? `expected ${known.join(', ')}` : `did you mean \`${prefix}${nearest}\`?`;
  return new BriefError(`${subject} is not a setting; ${help}`);
}
