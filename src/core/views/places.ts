/**
 * What a study's runs ran on, and where, for a study whose runs say it.
 */
import { countText } from '../base/format.ts';
import { plainText } from '../base/plain-text.ts';
import type { History } from '../journal/history.ts';
import { deviceOf } from '../run/device.ts';

export interface Places {
  /** The device that the study is frozen to. */
  readonly device: string;
  /** The runs of each machine, by its name. */
  readonly runs: Readonly<Record<string, number>>;
  /** Runs that were lost because they were on another device. */
  readonly elsewhere: number;
}

/** Undefined for a study whose runs do not say where they ran. */
export function placesOf(history: Pick<History, 'experiments'>): Places | undefined {
  const device = deviceOf(history.experiments);
  if (device === undefined) return undefined;
  const known = history.experiments.flatMap(({ runs }) => runs.flatMap(({ result }) => result?.where ?? []));
  const runs = new Map<string, number>();
  for (const { node } of known) runs.set(node, (runs.get(node) ?? 0) + 1);
  const elsewhere = known.filter((where) => where.device !== device).length;
  return { device, runs: Object.fromEntries(runs), elsewhere };
}

/** The places in words, such as `NVIDIA L4: 12 runs on gpu-3, 9 on gpu-4`. */
export function placesText({ device, runs, elsewhere }: Places): string {
  const each = Object.entries(runs).map(
    ([node, count], index) => `${index === 0 ? countText(count, 'run') : count} on ${plainText(node)}`,
  );
  const lost = elsewhere === 0 ? '' : `; ${countText(elsewhere, 'run')} on another device, not compared`;
  return `${plainText(device)}: ${each.join(', ')}${lost}`;
}
