/**
 * The runs that the incumbent still owes, since drift was suspected or its gain was doubted.
 */
import {
  type ExperimentRecord,
  experimentOf,
  type History,
  openRuns,
  type RunAgain,
  type RunRecord,
} from '../journal/history.ts';

/** Attempts to run the incumbent again: one that is lost or cancelled each time must not hold the study up. */
const maxAttempts = 4;

/** The incumbent, when it is still to be run again, and the run that is under way. */
export function dueRepetition(
  history: History,
): { record: ExperimentRecord; inFlight: RunRecord | undefined } | undefined {
  const asked = lastAsked(history);
  if (!asked || asked.experiment !== history.incumbent) return undefined;
  const record = experimentOf(history, asked.experiment);
  const runs = record.runs.filter(({ run }) => run >= asked.run);
  const inFlight = runs.find((run) => !run.result);
  const isDone = runs.some((run) => run.result && !run.isVoid) || runs.length >= maxAttempts;
  return inFlight || !isDone ? { record, inFlight } : undefined;
}

/** Repetitions in flight of experiments that are the incumbent no more, because another was kept beside them. */
export function lateRepetitions(history: History): readonly { record: ExperimentRecord; inFlight: RunRecord }[] {
  const repeated = new Set([...history.drifts, ...history.doubts].map(({ experiment }) => experiment));
  return [...repeated]
    .filter((experiment) => experiment !== history.incumbent)
    .map((experiment) => experimentOf(history, experiment))
    .flatMap((record) => openRuns(record).map((inFlight) => ({ record, inFlight })));
}

function lastAsked({ drifts, doubts }: History): RunAgain | undefined {
  const [drift, doubt] = [drifts.at(-1), doubts.at(-1)];
  return (drift?.seq ?? 0) > (doubt?.seq ?? 0) ? drift : doubt;
}
