/**
 * What more experiments of a study would cost, at what those so far cost on average.
 */
import { formatDuration, formatHours, formatUsd } from '../../base/format.ts';
import type { EngineName } from '../../base/names.ts';
import { findResearcher } from '../../base/researchers.ts';
import { liveHours } from '../../decide/stopping.ts';
import type { History } from '../../journal/history.ts';

export interface Cost {
  /** Live time, thinking included. */
  readonly seconds: number;
  /** 0 where no run could use a GPU that nvidia-smi shows. */
  readonly gpuHours: number;
  /** US dollars of models and agents; null where a part of their price, or that of rented machines, is unknown. */
  readonly usd: number | null;
  /** Why it is null. */
  readonly unknown?: 'calls' | 'rent';
}

/** Engines whose machines cost money by the hour; the journal does not have their price. */
const renting: readonly EngineName[] = ['skypilot', 'colab'];

/** Undefined while no experiment, the baseline included, has its verdict. */
export function costOf(history: History, experiments: number): Cost | undefined {
  const share = experiments / history.settled.length;
  if (!Number.isFinite(share)) return undefined;
  const unknown = unknownPart(history);
  return {
    seconds: liveHours(history, { at: history.lastAt }) * 3600 * share,
    gpuHours: (history.gpuSeconds / 3600) * share,
    usd: unknown === undefined ? history.spent.usd * share : null,
    ...(unknown && { unknown }),
  };
}

function unknownPart({ spent, session, experiments }: History): Cost['unknown'] {
  const hasAgent = experiments.some(({ researcher }) => findResearcher(researcher ?? '')?.calls === 'agent');
  if (spent.unpricedCalls > 0 || spent.unmeteredCalls > 0 || (hasAgent && spent.tokens === 0)) return 'calls';
  return renting.some((engine) => engine === session.engine) ? 'rent' : undefined;
}

/** Such as `42m 00s and 0.35 USD`. */
export function costText({ seconds, gpuHours, usd, unknown }: Cost): string {
  const gpu = Number(formatHours(gpuHours)) === 0 ? [] : [`${formatHours(gpuHours)} GPU hours`];
  const price = unknown === 'calls' ? 'an unknown price of calls' : 'an unknown rent';
  const money = usd === null ? [price] : usd === 0 ? [] : [`${formatUsd(usd)} USD`];
  const parts = [formatDuration(seconds), ...gpu, ...money];
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
