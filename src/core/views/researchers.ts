/**
 * What each researcher of `researcher: auto` proposed and gained, the most gain per hour first.
 */
import { armOf } from '../journal/arm.ts';
import { type ExperimentRow, experimentRows } from '../journal/experiment-row.ts';
import { countedRuns, type ExperimentRecord, type History } from '../journal/history.ts';

export interface ResearcherRow {
  /** Its name; with the kind of edit that it was asked for where it makes both, such as `llm-code`. */
  readonly arm: string;
  readonly tried: number;
  readonly kept: number;
  /** The sum of what its keeps gained, as measured, in the metric's unit. */
  readonly gain: number;
  /** Wall seconds of all its runs. */
  readonly gpuSeconds: number;
  /** Null while nothing has run. */
  readonly gainPerGpuHour: number | null;
}

/** One row for each researcher that proposed; empty for a study without `auto`. A caller that has the rows passes them. */
export function researcherRows(
  history: History,
  experiments: readonly ExperimentRow[] = experimentRows(history),
): ResearcherRow[] {
  if (!history.experiments.some(({ arm }) => arm !== undefined)) return [];
  const rows = new Map<string, Omit<ResearcherRow, 'arm' | 'gainPerGpuHour'>>();
  for (const record of history.experiments.slice(1)) {
    const name = nameOf(record);
    const { tried, kept, gain, gpuSeconds } = rows.get(name) ?? { tried: 0, kept: 0, gain: 0, gpuSeconds: 0 };
    const isKept = record.verdict?.decision === 'keep';
    rows.set(name, {
      tried: tried + 1,
      kept: kept + (isKept ? 1 : 0),
      gain: gain + (isKept ? (experiments[record.experiment]?.gain ?? 0) : 0),
      gpuSeconds: gpuSeconds + secondsOf(record),
    });
  }
  return [...rows]
    .map(([arm, row]) => ({
      arm,
      ...row,
      gainPerGpuHour: row.gpuSeconds > 0 ? (3600 * row.gain) / row.gpuSeconds : null,
    }))
    .sort((a, b) => (b.gainPerGpuHour ?? 0) - (a.gainPerGpuHour ?? 0));
}

function nameOf({ arm, researcher = '', proposal }: ExperimentRecord): string {
  return (proposal && armOf(researcher, proposal.kind, arm)) ?? researcher;
}

function secondsOf(record: ExperimentRecord): number {
  return countedRuns(record).reduce((sum, { result }) => sum + (result?.seconds ?? 0), 0);
}
