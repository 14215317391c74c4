/**
 * What the pages of a study show, worked out once for each state of its journal.
 */

import { type ExperimentRow, experimentRows } from '../../core/journal/experiment-row.ts';
import type { WholeHistory } from '../../core/journal/held-out.ts';
import type { History } from '../../core/journal/history.ts';
import { metricDecimals } from '../../core/journal/metric-decimals.ts';
import { type Noise, pooledNoise } from '../../core/journal/noise.ts';
import { type Outlook, outlookOf } from '../../core/views/forecast/outlook.ts';
import { type KnobView, knobView } from '../../core/views/knob-view.ts';
import type { Attachments } from '../../core/views/report/attachments.ts';
import { type Report, reportOf } from '../../core/views/report/report.ts';
import { figuresOfStudy, type Status } from '../../core/views/status.ts';
import { type ExperimentTable, experimentTable } from '../../core/views/table/columns.ts';
import { type TrackedExperiment, trackedExperiments } from '../../core/views/tracked-study.ts';
import type { Presence } from '../study-folder/presence.ts';

export interface StudyViews {
  readonly decimals: () => number;
  readonly rows: () => readonly ExperimentRow[];
  readonly table: () => ExperimentTable;
  /** As trackers have them. */
  readonly tracked: () => readonly TrackedExperiment[];
  /** As `nocturne status` has it at a moment, an ISO time. */
  readonly status: (now: string, presence: Presence) => Status;
  readonly report: (isLive: boolean) => Promise<Report>;
  readonly knobs: (isLive: boolean) => Promise<KnobView>;
  readonly attachments: () => Promise<Attachments>;
}

/** The views of a history as it is now; each is worked out when it is first asked for. */
export function createStudyViews(
  whole: WholeHistory,
  attachmentsOf: (history: History) => Promise<Attachments>,
): StudyViews {
  const { history } = whole;
  const noise = once((): Noise | undefined => pooledNoise(history));
  const rows = once(() => experimentRows(history, history.experiments, noise()));
  const decimals = once(() => metricDecimals(history, noise()));
  const outlook = once((): Outlook | null => outlookOf(history) ?? null);
  const attachments = once(() => attachmentsOf(history));
  const reports = new Map<boolean, Promise<Report>>();
  const report = (isLive: boolean): Promise<Report> => {
    const known = reports.get(isLive) ?? attachments().then((found) => reportOf(whole, { attachments: found, isLive }));
    reports.set(isLive, known);
    return known;
  };
  return {
    decimals,
    rows,
    tracked: once(() => trackedExperiments(history)),
    table: once(() => experimentTable(history, rows())),
    status: (now, { isLive, roomAwaited }) => ({
      ...figuresOfStudy(whole, now, isLive, noise(), roomAwaited),
      outlook: outlook(),
    }),
    report,
    knobs: async (isLive) => {
      const { importance } = await report(isLive);
      const order = (importance?.knobs ?? []).map(({ key }) => key);
      return knobView(history, rows(), decimals(), order);
    },
    attachments,
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
