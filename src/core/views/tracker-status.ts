/**
 * How far a study is in each of its trackers, as a fact and as a line.
 */

/** Of one tracker of the brief, without a secret. */
export interface TrackerStatus {
  readonly tracker: string;
  /** All experiments with their last word up to this one are there as they are now; null before the first. */
  readonly upTo: number | null;
  /** The last experiment with its last word; null while there is none. */
  readonly of: number | null;
  /** How many experiments with their last word are not there. */
  readonly missing: number;
  /** When the last sending succeeded, an ISO time; null before the first. */
  readonly sentAt: string | null;
  /** When the last sending failed and why; null where it did not, and where nothing is missing. */
  readonly failure: { readonly at: string; readonly reason: string } | null;
}

/** Of a tracker that has the experiments with these numbers, of those with their last word. */
export function trackerStatus(
  tracker: string,
  settled: readonly number[],
  isThere: (experiment: number) => boolean,
  last: Pick<TrackerStatus, 'sentAt' | 'failure'>,
): TrackerStatus {
  const inOrder = settled.toSorted((a, b) => a - b);
  const first = inOrder.findIndex((experiment) => !isThere(experiment));
  const upTo = first === -1 ? inOrder.at(-1) : inOrder[first - 1];
  const missing = inOrder.filter((experiment) => !isThere(experiment)).length;
  const { sentAt, failure } = last;
  const of = inOrder.at(-1) ?? null;
  return { tracker, upTo: upTo ?? null, of, missing, sentAt, failure: missing === 0 && of !== null ? null : failure };
}

/** Such as `mlflow: sent up to experiment 9 of 14; it failed at 03:12: the server does not answer`; `showTime` prints an ISO time. */
export function trackerText({ tracker, upTo, of, failure }: TrackerStatus, showTime: (at: string) => string): string {
  const sent = upTo === null ? 'nothing sent yet' : `sent up to experiment ${upTo} of ${of}`;
  const why = failure ? `; it failed at ${showTime(failure.at)}: ${failure.reason.replace(/\.$/, '')}` : '';
  return `${tracker}: ${sent}${why}`;
}
