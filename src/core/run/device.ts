/**
 * What a study's runs train on: the same for all of them, because results of different devices cannot be compared.
 */
import type { History } from '../journal/history.ts';
import { asLost, type RunResult } from '../journal/run.ts';

/** The device of the first run that measured something and says where, which the study is frozen to; undefined where none does. */
export function deviceOf({ experiments }: Pick<History, 'experiments'>): string | undefined {
  for (const { runs } of experiments) {
    const run = runs.find(({ result }) => result?.measurement !== undefined && result.where !== undefined);
    if (run) return run.result?.where?.device;
  }
  return undefined;
}

/** The result, lost where it is of another device than the study's, which is no doing of the candidate's. */
export function withOwnDevice(history: Pick<History, 'experiments'>, result: RunResult): RunResult {
  const own = deviceOf(history);
  const found = result.where?.device;
  if (own === undefined || found === undefined || found === own) return result;
  const reason = `it ran on ${found}, and the study's runs are on ${own}: they cannot be compared`;
  return { ...asLost(result, reason), byMachine: true };
}
