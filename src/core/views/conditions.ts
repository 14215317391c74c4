/**
 * What the machine did to the study: contended runs, each with its reason, and when the incumbent was run again for it.
 */
import type { ExperimentRecord, History, RunRecord } from '../journal/history.ts';

/** A run that the machine, not the candidate, may have decided. */
export interface ContendedRun {
  readonly experiment: number;
  readonly run: number;
  readonly reason: string;
  /** Whether it did not count and was run again. */
  readonly isRepeated: boolean;
}

/** Every contended run of a study, or of one experiment. */
export function contendedRuns(records: readonly ExperimentRecord[]): ContendedRun[] {
  return records.flatMap(({ experiment, runs }) =>
    runs.flatMap(({ run, result }) => (result?.contention ? [{ experiment, run, ...result.contention }] : [])),
  );
}

/** What became of a contended run, in words; empty for any other. */
export function contentionText({ result }: RunRecord): string {
  if (!result?.contention) return '';
  const { reason, isRepeated } = result.contention;
  return `contended (${reason}): ${isRepeated ? 'not judged, run again' : 'judged all the same'}`;
}

/** The report's section; empty when the machine was quiet. */
export function conditionsSection(history: History): string {
  const contended = contendedRuns(history.experiments);
  if (contended.length === 0) return '';
  const judged = contended.filter((run) => !run.isRepeated).length;
  const repeated = contended.length - judged;
  const lines = [
    repeated > 0 ? `${runsWere(repeated, '')}contended: not judged, but run again with the same seed.` : '',
    judged > 0 ? `${runsWere(judged, 'stayed contended when repeated and ')}judged all the same.` : '',
    '',
    '| # | run | judged | what the machine did |',
    '|---|---|---|---|',
    ...contended.map(
      ({ experiment, run, reason, isRepeated }) =>
        `| ${experiment} | ${run} | ${isRepeated ? 'no' : 'yes'} | ${reason} |`,
    ),
  ];
  return ['## The machine', '', ...lines].join('\n').replace(/\n{3,}/g, '\n\n');
}

function runsWere(number: number, between: string): string {
  return number === 1 ? `1 run ${between}was ` : `${number} runs ${between}were `;
}
