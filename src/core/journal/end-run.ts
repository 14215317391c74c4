/**
 * Writes into a run's record how it ended, and whether it is void: then it says nothing about its candidate.
 */
import { ok } from '../base/errors.ts';
import { isCutShort } from './cut-short.ts';
import type { RunRecord } from './history.ts';
import type { RunResult } from './run.ts';

type Draft = { -readonly [Key in keyof RunRecord]: RunRecord[Key] };

/** Ends the run that an entry names, among the runs of one candidate; `session` is the entry with which the session of the end began. */
export function endRun(
  runs: readonly Draft[],
  entry: { run: number; result: RunResult; at: string },
  session?: number,
): void {
  const run = runs.find((candidate) => candidate.run === entry.run);
  ok(run !== undefined, `run ${entry.run} was started`);
  run.result = entry.result;
  run.endedAt = entry.at;
  if (session !== undefined && run.startedSeq < session) run.isOrphaned = true;
  run.isVoid = isCutShort(entry.result) || entry.result.contention?.isRepeated === true;
}
