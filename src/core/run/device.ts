/**
 * What a study's runs train on: the same for all of them, because results of different devices cannot be compared.
 */
import type { RunRecord } from '../journal/history.ts';
import { asLost, type RunResult } from '../journal/run.ts';

/** Those whose runs are compared: experiments, and the contenders of a confirmation. */
type Compared = readonly { readonly runs: readonly RunRecord[] }[];

/** The device of the first run that measured something and says where, which all are frozen to; undefined where none does. */
export function deviceOf(compared: Compared): string | undefined {
  for (const { runs } of compared) {
    const run = runs.find(({ result }) => result?.measurement !== undefined && result.where !== undefined);
    if (run) return run.result?.where?.device;
  }
  return undefined;
}

/** The result, lost where it is of another device than the study's, which is no doing of the candidate's. */
export function withOwnDevice(compared: Compared, result: RunResult): RunResult {
  const own = deviceOf(compared);
  const found = result.where?.device;
  if (own === undefined || found === undefined || found === own) return result;
  const reason = `it ran on ${found}, and the study's runs are on ${own}: they cannot be compared`;
  return { ...asLost(result, reason), byMachine: true };
}
