/**
 * How noisy the measurements were, and the caveats that follow from that.
 */

import { failingSearchWarnings } from '../../journal/failing-search.ts';
import { countedRuns, type History } from '../../journal/history.ts';
import { idleEditWarnings } from '../../journal/idle-edits.ts';
import { type Noise, seedWarning } from '../../journal/noise.ts';
import type { Voucher } from '../../journal/run.ts';
import { isolationCaveat } from '../isolation.ts';
import { voucherOfStudy } from './headline.ts';

export interface NoiseFigures {
  /** Undefined while nothing was repeated. */
  readonly noise: Noise | undefined;
  readonly repeated: number;
  readonly isSeedHonoured: boolean;
  /** Why not. */
  readonly seedWarning?: string | undefined;
  readonly voucher: Voucher | undefined;
  /** What it is, as a caveat. */
  readonly isolation: string;
  /** Signs that what experiments edit does not reach the score, one sentence each. */
  readonly idleEdits: readonly string[];
  /** Searches that have answered none of their questions, one sentence each. */
  readonly failingSearches: readonly string[];
}

/** The figures as of now. */
export function noiseFiguresOf(history: History, noise: Noise | undefined): NoiseFigures {
  const warning = seedWarning(history);
  return {
    noise,
    repeated: history.experiments.filter((record) => countedRuns(record).length > 1).length,
    isSeedHonoured: warning === undefined,
    ...(warning === undefined ? {} : { seedWarning: warning }),
    voucher: voucherOfStudy(history),
    isolation: isolationCaveat(history),
    idleEdits: idleEditWarnings(history),
    failingSearches: failingSearchWarnings(history),
  };
}

/** What the owner should know before relying on the headline, one text each. */
export function caveatsOf(figures: NoiseFigures, isConfirmed: boolean): string[] {
  const { voucher, isolation } = figures;
  if (voucher === undefined) return [];
  return [
    ...(isConfirmed ? [] : [selection]),
    vouchingOf[voucher],
    ...(isolation === '' ? [] : [isolation]),
    ...(figures.seedWarning === undefined ? [] : [figures.seedWarning]),
    ...figures.idleEdits,
    ...figures.failingSearches,
  ];
}

const vouchingOf: Readonly<Record<Voucher, string>> = {
  'scored-apart':
    "The metric is scored apart: the sandbox's scorer computed it from answers of the candidate's code, which ran in a cage of its own without the private data.",
  scored:
    "The metric is scored: the sandbox's scorer measured the saved weights in a second process. Where that loads the candidate's code, or asks it without a cage, it trusts that code.",
  'self-reported': 'The metric is self-reported: it is what the training script says of itself.',
};

const selection =
  'The best value is the one that was selected on; expect a fresh seed to be a little worse; nocturne confirm measures by how much.';
