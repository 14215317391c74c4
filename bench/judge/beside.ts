/**
 * The `value` policy of another commit, from a clone of it, in the same simulation.
 *
 * The commit must have the parts of `value` as they are since proposals can combine others: a808cb9 is the first.
 */
import { pathToFileURL } from 'node:url';
import { type Arm, byWalk, type ValueParts } from './arms.ts';

const files = ['walk', 'decide', 'combination', 'posterior'];

/** The policy that a commit shipped, with sigma inferred; `folder` is a clone of it. */
export async function besideArm(folder: string): Promise<Arm> {
  const load = (name: string) =>
    import(new URL(`src/core/judge/policies/value/${name}.ts`, `${pathToFileURL(folder).href}/`).href);
  const parts: ValueParts = Object.assign({}, ...(await Promise.all(files.map(load))));
  return (baseline) => byWalk(parts, baseline, {});
}
