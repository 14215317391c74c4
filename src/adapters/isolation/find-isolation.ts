/**
 * Finds out what can keep a run from the rest of this machine, by trying.
 */
import type { Tier } from '../../core/base/names.ts';
import { brokenOn } from '../../core/base/promises.ts';
import { rankOf } from '../../core/base/tiers.ts';
import type { Isolation, Rung } from '../../ports/isolation.ts';
import { startCanaryHost } from './canary-host.ts';
import { type RungTrial, tryRung } from './try-rung.ts';

export interface FindIsolationOptions {
  /** Absolute path of the study's Python, which the probes run in. */
  readonly interpreter: string;
  /** An absolute folder of the study in which the probes may lay out what they need; it is removed again. */
  readonly folder: string;
}

/**
 * Tries the rungs from the highest down, with the study's own interpreter and as the engine starts runs, and gives the first on which
 * all works that training needs and no probe gets through that the tier promises to stop.
 */
export async function findIsolation({ interpreter, folder }: FindIsolationOptions): Promise<Isolation> {
  if (process.platform !== 'linux') return notLinux;
  const host = await startCanaryHost(interpreter, folder);
  try {
    const reasons = new Map<Tier, string>(Object.entries(host.said.leftOut) as [Tier, string][]);
    for (const rung of host.rungs) {
      const trial = await tryRung(rung, host, interpreter, folder);
      const why = reasonAgainst(rung, trial);
      if (why === undefined) return { tier: rung.tier, rung, open: trial.open, whyNotHigher: whyNot(rung, reasons) };
      if (!reasons.has(rung.tier)) reasons.set(rung.tier, why);
    }
    return { tier: 'none', open: [], whyNotHigher: whyNot(undefined, reasons) };
  } finally {
    await host.end();
  }
}

const notLinux: Isolation = {
  tier: 'none',
  open: [],
  whyNotHigher: `cages are built for Linux (on Windows: in WSL2), and this is ${process.platform}`,
};

/** Why a rung is not what it should be; undefined where it is. */
function reasonAgainst({ tier }: Rung, { failure, open }: RungTrial): string | undefined {
  if (failure !== undefined) return failure;
  const broken = brokenOn(tier, open);
  return broken.length === 0 ? undefined : `it does not stop these: ${broken.join(', ')}`;
}

/** Why it is no higher tier: the reason of the next one that was to be had. */
function whyNot(rung: Rung | undefined, reasons: ReadonlyMap<Tier, string>): string {
  const rank = rankOf(rung?.tier ?? 'none');
  const higher = [...reasons].filter(([tier]) => rankOf(tier) > rank);
  const [next] = higher.sort(([one], [other]) => rankOf(one) - rankOf(other));
  return next === undefined ? '' : `${next[0]}: ${next[1]}`;
}
