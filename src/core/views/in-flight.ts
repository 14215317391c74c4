/**
 * What goes on in a study now: the runs in flight, each with its slot, and the experiments that wait for one.
 */
import type { WholeHistory } from '../journal/held-out.ts';
import { type ExperimentRecord, experimentOf, type History, openRuns, type RunRecord } from '../journal/history.ts';
import { secondsBetween } from '../journal/live-time.ts';

export interface RunInFlight {
  readonly experiment: number;
  readonly run: number;
  readonly title: string;
  /** Absent where there is one slot. */
  readonly slot?: number;
  /** Of a confirmation's run: which one, and of which contender. */
  readonly confirmation?: { readonly confirmation: number; readonly contender: string };
  /** An ISO time. */
  readonly since?: string;
  /** Since then, while somebody works on the study. */
  readonly seconds?: number;
}

/** The runs in flight, in the order of their slots; `now` is an ISO time, absent while nobody works on the study. */
export function runsInFlightOf({ history, heldOut }: WholeHistory, now?: string): readonly RunInFlight[] {
  const own = history.experiments.flatMap((record) =>
    openRuns(record).map((run) => ({
      experiment: record.experiment,
      run: run.run,
      title: record.proposal?.title ?? 'baseline',
      ...(run.slot === undefined ? {} : { slot: run.slot }),
      ...timeOf(run, now),
    })),
  );
  const confirming = heldOut.confirmations.flatMap(({ confirmation, experiment, contenders }) =>
    contenders.flatMap(({ contender, runs }) =>
      openRuns({ runs }).map((run) => ({
        experiment,
        run: run.run,
        title: `confirming: ${contender}`,
        confirmation: { confirmation, contender },
        ...(run.slot === undefined ? {} : { slot: run.slot }),
        ...timeOf(run, now),
      })),
    ),
  );
  return [...own.sort(bySlot), ...confirming.sort(bySlot)];
}

function bySlot(one: { readonly slot?: number }, other: { readonly slot?: number }): number {
  return (one.slot ?? 0) - (other.slot ?? 0);
}

function timeOf({ startedAt }: RunRecord, now: string | undefined): Pick<RunInFlight, 'since' | 'seconds'> {
  if (startedAt === undefined) return {};
  const seconds = now === undefined ? Number.NaN : secondsBetween(startedAt, now);
  return { since: startedAt, ...(Number.isFinite(seconds) && { seconds }) };
}

/** The experiments that are proposed, or are to run again, and for which no slot is free. */
export function waitingExperiments(history: History): readonly number[] {
  return history.unsettled.filter((experiment) => isWaiting(experimentOf(history, experiment)));
}

/** Whether an experiment without a verdict has no run in flight; the baseline begins a study and waits for nothing. */
function isWaiting({ experiment, runs }: ExperimentRecord): boolean {
  return experiment > 0 && openRuns({ runs }).length === 0;
}

/** Such as `slot 2: experiment 7, run 2`. */
export function runName({ experiment, run, slot, confirmation }: Omit<RunInFlight, 'title'>): string {
  const where = slot === undefined ? '' : `slot ${slot}: `;
  if (confirmation) return `${where}confirming: ${confirmation.contender} run ${run}`;
  if (experiment === 0) return `${where}baseline run ${run}`;
  return `${where}experiment ${experiment}${run === 1 ? '' : `, run ${run}`}`;
}
