/**
 * The replays of each half summed up, each repository once: how far the policies stay from the oracle, and what they
 * report too much.
 */
import { mean } from '../../src/core/statistics/moments.ts';
import { round } from '../report.ts';
import type { Replay } from './replay.ts';
import type { Cell } from './tables.ts';

export interface ReplaySummary {
  readonly half: Replay['half'];
  readonly policy: string;
  readonly repositories: number;
  /** Means in sigma, each repository once. */
  readonly distance: number;
  readonly lateTruth: number;
  readonly overReport: number;
  readonly keeps: number;
  readonly runsPerProposal: number;
  /** The repositories' distances, each as a share of that of the other commit's policy; null where none was simulated. */
  readonly shareOfBeside: number | null;
}

/** A row for each half and policy. */
export function replaySummary(cells: readonly Cell[], replays: readonly Replay[]): readonly ReplaySummary[] {
  const replayed = cells
    .filter(({ group }) => group === 'replay')
    .flatMap((cell) => {
      const replay = replays[Number(cell.world.split(' ')[0]) - 1];
      return replay ? [{ ...cell, half: replay.half, repository: replay.repository }] : [];
    });
  const rows = (['choosing', 'judged'] as const).flatMap((half) =>
    [...new Set(replayed.map(({ policy }) => policy))].map((policy) => ({ half, policy })),
  );
  return rows.flatMap(({ half, policy }) => {
    const own = replayed.filter((cell) => cell.half === half && cell.policy === policy);
    const repositories = [...new Set(own.map(({ repository }) => repository))];
    const overRepositories = (pick: (cell: Cell) => number) =>
      round(mean(repositories.map((each) => mean(own.filter(({ repository }) => repository === each).map(pick)))), 3);
    if (own.length === 0) return [];
    return [
      {
        half,
        policy,
        repositories: repositories.length,
        distance: overRepositories(({ distance }) => distance.mean),
        lateTruth: overRepositories(({ lateTruth }) => lateTruth.mean),
        overReport: overRepositories(({ overReport }) => overReport.mean),
        keeps: overRepositories(({ keeps }) => keeps.mean),
        runsPerProposal: overRepositories(({ runsPerProposal }) => runsPerProposal),
        shareOfBeside: own.every(({ againstBeside }) => againstBeside !== null)
          ? overRepositories((cell) => cell.distance.mean / (cell.distance.mean - (cell.againstBeside?.mean ?? 0)))
          : null,
      },
    ];
  });
}

/** The rows as lines. */
export function replayTable(rows: readonly ReplaySummary[]): string[] {
  if (rows.length === 0) return [];
  const head = ['to oracle', 'of beside', 'late half', 'over-report', 'keeps', 'runs/proposal', 'repositories'];
  const line = (name: string, cells: readonly (string | number)[]) =>
    name.padEnd(28) + cells.map((cell) => `${cell}`.padStart(14)).join('');
  return [
    '',
    line('replay, each repository once', head),
    ...rows.map((row) =>
      line(`${row.half}, ${row.policy}`, [
        row.distance,
        row.shareOfBeside ?? '',
        row.lateTruth,
        row.overReport,
        row.keeps,
        row.runsPerProposal,
        row.repositories,
      ]),
    ),
  ];
}
