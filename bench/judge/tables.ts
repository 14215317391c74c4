/**
 * The figures of simulated studies, summed up by policy and world.
 */
import { mean, standardDeviation } from '../../src/core/statistics/moments.ts';
import { round } from '../report.ts';
import type { Job } from './jobs.ts';
import type { StudyFigures } from './simulate.ts';

/** A mean and its standard error. */
export interface Mean {
  readonly mean: number;
  readonly standardError: number;
}

export interface Cell {
  readonly group: Job['group'];
  readonly world: string;
  readonly policy: string;
  readonly replications: number;
  /** The study's true result, in sigma from the baseline; lower is better. */
  readonly truth: Mean;
  /** The same minus greedy's, study by study. */
  readonly againstGreedy: Mean;
  /** The same minus that of the policy of another commit; null where none was simulated. */
  readonly againstBeside: Mean | null;
  readonly lateTruth: Mean;
  readonly distance: Mean;
  readonly overReport: Mean;
  readonly keeps: Mean;
  /** Of all moves of the incumbent, the share that does nothing or harms; then the same without the undecided moves. */
  readonly falseShare: number;
  readonly falseShareDecided: number;
  /** Moves that were not more likely real than not when they were made, in a study. */
  readonly undecided: number;
  /** Candidates that combined near misses, in a study, and how many of them were kept. */
  readonly combined: number;
  readonly combinedKept: number;
  readonly runsPerProposal: number;
  /** Of the proposals that are true gains: the share that was kept, and the runs of each. */
  readonly gainsKept: number;
  readonly runsPerGain: number;
  /** The policy's sigma at the end, where it has one. */
  readonly sigma: Mean | null;
}

/** Sums up a cell; `base` are greedy's studies of the same numbers, `beside` those of another commit's policy. */
export function cellOf(
  job: Job,
  studies: readonly StudyFigures[],
  base: readonly StudyFigures[],
  beside: readonly StudyFigures[],
): Cell {
  const less = (other: readonly StudyFigures[]) =>
    meanOf(studies.map(({ truth }, index) => truth - (other[index]?.truth ?? 0)));
  const total = (pick: (study: StudyFigures) => number) => studies.reduce((sum, study) => sum + pick(study), 0);
  const sigma = meanOf(studies.map((study) => study.sigma));
  const gains = Math.max(
    1,
    total((study) => study.gains.count),
  );
  return {
    group: job.group,
    world: job.world,
    policy: job.arm,
    replications: job.replications,
    truth: meanOf(studies.map(({ truth }) => truth)),
    againstGreedy: less(base),
    againstBeside: beside.length === 0 ? null : less(beside),
    lateTruth: meanOf(studies.map(({ lateTruth }) => lateTruth)),
    distance: meanOf(studies.map(({ distance }) => distance)),
    overReport: meanOf(studies.map(({ overReport }) => overReport)),
    keeps: meanOf(studies.map(({ keeps }) => keeps)),
    falseShare: shareOf(
      total((study) => study.falseKeeps),
      total((study) => study.keeps),
    ),
    falseShareDecided: shareOf(
      total((study) => study.falseKeeps - study.falseUndecided),
      total((study) => study.keeps - study.undecided),
    ),
    undecided: round(total((study) => study.undecided) / studies.length, 2),
    combined: round(total((study) => study.combined) / studies.length, 2),
    combinedKept: round(total((study) => study.combinedKept) / studies.length, 2),
    runsPerProposal: round(total(({ runs }) => runs) / total(({ proposals }) => proposals), 3),
    gainsKept: round(total((study) => study.gains.kept) / gains, 3),
    runsPerGain: round(total((study) => study.gains.runs) / gains, 2),
    sigma: Number.isNaN(sigma.mean) ? null : sigma,
  };
}

/** The tables as lines. */
export function judgeTable(cells: readonly Cell[]): string[] {
  const of = (...groups: readonly Job['group'][]) => cells.filter(({ group }) => groups.includes(group));
  return [
    line('world', 'policy', [
      'true',
      '± s.e.',
      'less greedy',
      '± s.e.',
      'less beside',
      '± s.e.',
      'late half',
      'to oracle',
      'over-report',
      'keeps',
      'false',
      'false, decided',
      'undecided',
      'combined',
      'runs/proposal',
      'sigma',
    ]),
    ...of('mixes', 'a/a', 'worlds', 'replay').map((cell) =>
      line(cell.group === 'a/a' ? '300 no-ops' : cell.world, cell.policy, [
        cell.truth.mean,
        cell.truth.standardError,
        cell.againstGreedy.mean,
        cell.againstGreedy.standardError,
        cell.againstBeside?.mean ?? '',
        cell.againstBeside?.standardError ?? '',
        cell.lateTruth.mean,
        cell.distance.mean,
        cell.overReport.mean,
        cell.keeps.mean,
        cell.falseShare,
        cell.falseShareDecided,
        cell.undecided,
        cell.combined,
        cell.runsPerProposal,
        cell.sigma ? `${cell.sigma.mean}` : '',
      ]),
    ),
    '',
    line('planted', 'policy', ['share kept', 'runs each']),
    ...of('power').map((cell) => line(cell.world, cell.policy, [cell.gainsKept, cell.runsPerGain])),
  ];
}

function shareOf(part: number, whole: number): number {
  return round(part / Math.max(1, whole), 3);
}

function line(world: string, policy: string, cells: readonly (string | number)[]): string {
  const columns = cells.map((cell) => String(cell).padStart(14)).join('');
  return `${world.padEnd(24)} ${policy.padEnd(20)}${columns}`;
}

function meanOf(values: readonly number[]): Mean {
  const spread = values.length < 2 ? 0 : standardDeviation(values);
  return { mean: round(mean(values), 3), standardError: round(spread / Math.sqrt(values.length), 3) };
}
