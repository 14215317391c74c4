/**
 * Waits until an experiment is judged, by reading the journal; prints its verdict. It writes nothing.
 */
import { findHolder } from '../../adapters/run-lock.ts';
import { SettingsError, StudyError } from '../../core/base/errors.ts';
import { formatAt, formatDuration, formatExperiment } from '../../core/base/format.ts';
import { experimentRow } from '../../core/journal/experiment-row.ts';
import { type ExperimentRecord, experimentOf, type History, nextNumber, valuesOf } from '../../core/journal/history.ts';
import { metricDecimals } from '../../core/journal/metric-decimals.ts';
import { mean } from '../../core/statistics/moments.ts';
import { openJobReader } from '../compose/engines.ts';
import { followStudy } from '../study-folder/follow-study.ts';
import { type FoundStudy, goOnCommand } from '../study-folder/studies.ts';
import { printData, printJson } from '../terminal/print.ts';

export interface WaitFlags {
  /** Seconds; without end when left out. */
  readonly timeout?: number;
  readonly json?: boolean;
}

/** An experiment that was judged, and the history in which it was. */
export interface Judged {
  readonly history: History;
  readonly record: ExperimentRecord;
}

/**
 * Resolves once the experiment is judged; with undefined at the signal, or when the study stops running before. Throws a
 * SettingsError for a number that was never given.
 */
export async function awaitVerdict(
  study: FoundStudy,
  experiment: number,
  signal: AbortSignal,
): Promise<Judged | undefined> {
  if (experiment >= nextNumber(study.history)) throw unknown(study, experiment);
  const isHeld = async () => (await findHolder(study.folder)) !== undefined;
  const follower = followStudy(study.folder, isHeld, openJobReader(study.history.session.engine));
  for await (const _ of follower.events(signal)) {
    const history = follower.history();
    const record = judgedIn(history, experiment);
    if (history && record) return { history, record };
  }
  return undefined;
}

/** The exit code: 0 for a verdict, 130 after Ctrl-C. Throws a StudyError when there will be none, or the time is over. */
export async function waitForVerdict(study: FoundStudy, experiment: number, flags: WaitFlags): Promise<number> {
  const ending = new AbortController();
  const interrupt = () => ending.abort('interrupted');
  for (const name of signals) process.on(name, interrupt);
  const timer =
    flags.timeout === undefined ? undefined : setTimeout(() => ending.abort('timeout'), flags.timeout * 1000);
  try {
    const judged = await awaitVerdict(study, experiment, ending.signal);
    if (judged) {
      print(study, judged, flags);
      return 0;
    }
  } finally {
    clearTimeout(timer);
    for (const name of signals) process.off(name, interrupt);
  }
  if (ending.signal.reason === 'interrupted') return 130;
  if (ending.signal.aborted) {
    throw new StudyError(`Experiment ${experiment} was not judged within ${formatDuration(flags.timeout ?? 0)}.`, {
      hint: `It goes on; ask again with \`nocturne wait ${experiment} --tag ${study.tag}\`.`,
    });
  }
  throw notRunning(study, experiment);
}

/** That there will be no verdict, since nothing works on the study. */
export function notRunning(study: FoundStudy, experiment: number): StudyError {
  return new StudyError(`Experiment ${experiment} is not judged, and study ${study.tag} is not running.`, {
    hint: `Go on with it: \`${goOnCommand(study)}\`.`,
  });
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function judgedIn(history: History | undefined, experiment: number): ExperimentRecord | undefined {
  const record = history?.experiments[experiment];
  const isJudged = record?.verdict !== undefined && record.verdict.decision !== 'rerun';
  return isJudged ? record : undefined;
}

function unknown({ tag, history }: FoundStudy, experiment: number): SettingsError {
  return new SettingsError(
    `Study ${tag} has given no experiment the number ${experiment}; it has 0 to ${nextNumber(history) - 1}.`,
    { hint: 'Hand one in with `nocturne try`, which says its number.' },
  );
}

/** What `nocturne wait --json` prints. */
export function verdictJson({ tag, folder }: FoundStudy, { history, record }: Judged) {
  return {
    tag,
    decision: record.verdict?.decision,
    ...experimentRow(history, record),
    incumbent: history.incumbent,
    folder: `${folder}/${formatExperiment(record.experiment)}`,
  };
}

function print(study: FoundStudy, judged: Judged, { json }: WaitFlags): void {
  if (json) {
    printJson(verdictJson(study, judged));
    return;
  }
  const { history, record } = judged;
  const row = experimentRow(history, record);
  const { experiment, verdict } = record;
  const { name } = history.frozen.metric;
  const before = record.parent === undefined ? [] : valuesOf(experimentOf(history, record.parent));
  const show = (value: number) => formatAt(value, metricDecimals(history));
  const score = row.metric === null ? '' : `, ${name} ${show(row.metric)}`;
  const beside = before.length === 0 || row.metric === null ? '' : ` beside ${show(mean(before))}`;
  const reason = row.reason || verdict?.reason;
  printData(
    `Experiment ${experiment}: ${row.status}${score}${beside}${reason ? `: ${reason}` : ''}.`.replace(/\.\.$/, '.'),
  );
}
