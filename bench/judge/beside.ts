/**
 * The `value` policy of another commit, from a clone of it, in the same simulation.
 *
 * The commit must have the parts of `value` as they were before proposals could combine others: 16b9228 is the last.
 */
import { pathToFileURL } from 'node:url';
import type * as noise from '../../src/core/journal/noise.ts';
import type * as posterior from '../../src/core/judge/policies/value/posterior.ts';
import type * as walks from '../../src/core/judge/policies/value/walk.ts';
import type { Arm } from './arms.ts';

type Decides = {
  readonly decide: (belief: walks.Belief, runs: walks.Runs, researcher: string, mayRunAgain: boolean) => string;
  readonly effectOf: (...of: [walks.Belief, walks.Runs, string, number]) => posterior.EffectPosterior;
};

/** The policy that a commit shipped, with sigma inferred; `folder` is a clone of it. */
export async function besideArm(folder: string): Promise<Arm> {
  const load = (path: string) => import(new URL(`src/core/${path}`, `${pathToFileURL(folder).href}/`).href);
  const { decide, effectOf }: Decides = await load('judge/policies/value/decide.ts');
  const { runsOf, startWalk }: typeof walks = await load('judge/policies/value/walk.ts');
  const { chanceOfGain }: typeof posterior = await load('judge/policies/value/posterior.ts');
  const { printedSigma }: typeof noise = await load('journal/noise.ts');
  return (baseline) => {
    const walk = startWalk(runsOf(baseline));
    return {
      decide: (values, mayRunAgain) => {
        const decision = decide(walk.belief(), runsOf(values), '', mayRunAgain);
        return decision === 'keep' || decision === 'revert' ? decision : 'rerun';
      },
      settle: (values, isKept) => walk.add({ ...runsOf(values), researcher: '', isKept }),
      chance: (values) => {
        const belief = walk.belief();
        const sigma = Math.max(belief.sigma, printedSigma(belief.repeats));
        return chanceOfGain(effectOf(belief, runsOf(values), '', sigma));
      },
      reported: () => walk.belief().origin + walk.belief().incumbent.mean * walk.belief().sigma,
      sigma: () => walk.belief().sigma,
    };
  };
}
