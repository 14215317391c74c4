/**
 * The `value` policy of another commit, from a clone of it, in the same simulation.
 *
 * The commit must have the parts of `value` as they are since proposals can combine others: a808cb9 is the first.
 */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Arm, byWalk, type ValueParts } from './arms.ts';

const files = [
  'policies/value/walk',
  'policies/value/decide',
  'policies/value/combination',
  'policies/value/posterior',
];
/** Commits before it doubted no gain. */
const doubt = 'doubt';

/** The policy that a commit shipped, with sigma inferred; `folder` is a clone of it. */
export async function besideArm(folder: string): Promise<Arm> {
  const urlOf = (name: string) => new URL(`src/core/judge/${name}.ts`, `${pathToFileURL(folder).href}/`);
  const found = existsSync(urlOf(doubt)) ? [...files, doubt] : files;
  const parts: ValueParts = Object.assign({}, ...(await Promise.all(found.map((name) => import(urlOf(name).href)))));
  return (baseline) => byWalk(parts, baseline, {});
}
