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

/** The exit code: 0 for a verdict, 130 after Ctrl-C. Throws a StudyError when there will be none, or the time is over. */
export async function waitForVerdict(study: FoundStudy, experiment: number, flags: WaitFlags): Promise<number> {
  if (experiment >= nextNumber(study.history)) throw unknown(study, experiment);
  const ending = new AbortController();
  const interrupt = () => ending.abort('interrupted');
  for (const name of signals) process.on(name, interrupt);
  const timer =
    flags.timeout === undefined ? undefined : setTimeout(() => ending.abort('timeout'), flags.timeout * 1000);
  const isHeld = async () => (await findHolder(study.folder)) !== undefined;
  const follower = followStudy(study.folder, isHeld, openJobReader(study.history.session.engine));
  try {
    for await (const _ of follower.events(ending.signal)) {
      const judged = judgedIn(follower.history(), experiment);
      if (judged) {
        print(study, follower.history() ?? study.history, judged, flags);
        return 0;
      }
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
  throw new StudyError(`Experiment ${experiment} is not judged, and study ${study.tag} is not running.`, {
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

function print({ tag, folder }: FoundStudy, history: History, record: ExperimentRecord, { json }: WaitFlags): void {
  const row = experimentRow(history, record);
  const { experiment, verdict } = record;
  const path = `${folder}/${formatExperiment(experiment)}`;
  if (json) {
    printJson({ tag, decision: verdict?.decision, ...row, incumbent: history.incumbent, folder: path });
    return;
  }
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
