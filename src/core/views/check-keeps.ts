/**
 * Whether the figures of the keeps are the same in the journal and in the messages of their commits: whoever writes another score
 * into the journal would have to make the commits anew, and all that stand on them.
 */
import { gainOver } from '../base/metric.ts';
import { parseStrictNumber } from '../base/strict-number.ts';
import { countedRuns, type ExperimentRecord, type History } from '../journal/history.ts';
import type { Statistics } from '../journal/verdict.ts';
import { mean } from '../statistics/moments.ts';

/** The first disagreement of each keep, in the order of the experiments; `messages` has those of the keep commits by commit. */
export function findKeepDisagreements(history: History, messages: ReadonlyMap<string, string>): string[] {
  return history.experiments.flatMap((record) => {
    const { experiment, kept, verdict } = record;
    if (experiment === 0 || kept === undefined || !verdict?.statistics) return [];
    const message = messages.get(kept);
    const found =
      runsTrouble(record, verdict.statistics) ??
      (message === undefined ? undefined : messageTrouble(history, record, verdict.statistics, message));
    return found === undefined ? [] : [`keep ${experiment}: ${found}`];
  });
}

/** The verdict's mean is that of the runs which it was based on, the first ones. */
function runsTrouble(record: ExperimentRecord, statistics: Statistics): string | undefined {
  const values = countedRuns(record).flatMap(({ result }) => (result?.measurement ? [result.measurement.value] : []));
  const judged = values.slice(0, statistics.runs);
  if (judged.length === 0) return undefined;
  if (judged.length < statistics.runs)
    return `it was judged by ${statistics.runs} runs, the journal has ${judged.length}`;
  const found = mean(judged);
  const isEqual = Math.abs(found - statistics.mean) <= 1e-9 * Math.max(Math.abs(found), Math.abs(statistics.mean));
  return isEqual ? undefined : `its runs have a mean of ${found}, its verdict says ${statistics.mean}`;
}

function messageTrouble(
  history: History,
  record: ExperimentRecord,
  statistics: Statistics,
  message: string,
): string | undefined {
  const { goal } = history.frozen.metric;
  const { mean: candidate, incumbentMean: before } = statistics;
  const [subject = ''] = message.split('\n');
  const [, from, to] = /\(\S+ (\S+) -> (\S+)\)$/.exec(subject) ?? [];
  const [gain] = (trailerOf(message, 'Gain') ?? '').split(' ');
  const figures: readonly (readonly [what: string, written: string | undefined, journalled: number])[] = [
    ['experiment', trailerOf(message, 'Experiment'), record.experiment],
    ['number of runs', trailerOf(message, 'Runs'), statistics.runs],
    ['score before', from, before],
    ['score', to, candidate],
    ['gain', gain === '' ? undefined : gain, gainOver(goal, before, candidate)],
  ];
  const differing = figures.find(([, written, journalled]) => written !== undefined && !isSame(written, journalled));
  if (!differing) return undefined;
  const [what, written, journalled] = differing;
  return `its commit gives the ${what} as ${written}, the journal as ${journalled}`;
}

/** Whether a text shows this number, as exactly as it is written. */
function isSame(written: string, journalled: number): boolean {
  const read = parseStrictNumber(written);
  return read !== undefined && Math.abs(read.value - journalled) <= 0.51 * read.resolution;
}

function trailerOf(message: string, name: string): string | undefined {
  return message
    .split('\n')
    .findLast((line) => line.startsWith(`${name}: `))
    ?.slice(name.length + 2);
}
