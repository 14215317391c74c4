/**
 * Where a study stands beside the public ones of its kind.
 */
import { formatPercent, formatRounded } from '../../base/format.ts';
import { gainOver, isBetter } from '../../base/metric.ts';
import { metricKind } from '../../base/metric-kind.ts';
import { type History, keptInOrder } from '../../journal/history.ts';
import { measuredGain } from '../../journal/measured-gain.ts';
import type { Noise } from '../../journal/noise.ts';
import { type StudyRecord, studyRecordOf } from '../forecast/study-record.ts';
import {
  type KeepsUnderOneSigma,
  keepsUnderOneSigma,
  type PublicFigure,
  type PublicStudies,
  publicFigure,
  publicStudies,
  publicStudiesText,
  type StandingFigure,
} from './public-studies.ts';

/** A figure of the study beside that of the public ones. */
export interface StandingRow {
  readonly figure: StandingFigure;
  /** Null where the study's noise is not known. */
  readonly own: number | null;
  /** For keeps under one sigma, the share of all of them together. */
  readonly median: number;
  /** Absent for a share of all keeps together. */
  readonly quartiles?: readonly [number, number];
  /** Share of the public studies with a lower one. */
  readonly below?: number;
  /** Public studies, or keeps, that it rests on. */
  readonly of: number;
  readonly repositories: number;
}

export interface Standing {
  /** What it is compared with, in words. */
  readonly comparedWith: string;
  readonly asOf: string;
  readonly rows: readonly StandingRow[];
}

/** Experiments without which a study stands nowhere. */
const minExperiments = 5;

/** Undefined until the baseline has a score and five experiments their verdict. */
export function standingOf(history: History, noise: Noise | undefined): Standing | undefined {
  const record = studyRecordOf(history);
  if (record === undefined || record.kept.length < minExperiments) return undefined;
  const compared = publicStudies(metricKind(record.metric, record.goal));
  return {
    comparedWith: publicStudiesText(compared),
    asOf: compared.asOf,
    rows: [
      ...figureRow(compared, 'keep rate', record.kept.filter(Boolean).length / record.kept.length),
      ...figureRow(compared, 'gain by 10', gainBy(record, 10)),
      ...figureRow(compared, 'gain by 20', gainBy(record, 20)),
      ...figureRow(compared, 'gain by 50', gainBy(record, 50)),
      ...underOneSigmaRow(compared, noise && shareUnder(history, noise.sigma)),
      ...figureRow(compared, 'longest drought', longestDrought(record)),
    ],
  };
}

function figureRow(
  compared: PublicStudies,
  figure: Exclude<StandingFigure, 'keeps under one sigma'>,
  own: number | undefined,
): StandingRow[] {
  const found = own === undefined ? undefined : publicFigure(compared, figure);
  return own === undefined || found === undefined ? [] : [{ figure, own, ...countsOf(found, own) }];
}

function countsOf({ median, quartiles, studies, repositories, below }: PublicFigure, own: number) {
  return { median, quartiles, below: below(own), of: studies, repositories };
}

function underOneSigmaRow({ kind }: PublicStudies, own: number | undefined): StandingRow[] {
  const { share, of, repositories }: KeepsUnderOneSigma = keepsUnderOneSigma(kind);
  return [{ figure: 'keeps under one sigma', own: own ?? null, median: share, of, repositories }];
}

/** Gain of the best of the first experiments as a share of the baseline's score; undefined before there are so many. */
function gainBy({ goal, baseline, kept, keptScores }: StudyRecord, experiments: number): number | undefined {
  if (kept.length < experiments || baseline === 0) return undefined;
  const scores = keptScores.slice(0, kept.slice(0, experiments).filter(Boolean).length);
  const best = scores.reduce((found, score) => (isBetter(goal, score, found) ? score : found), baseline);
  return gainOver(goal, baseline, best) / Math.abs(baseline);
}

/** The share of keeps that measured less better than their parent than the noise of one run; undefined without a keep. */
function shareUnder(history: History, sigma: number): number | undefined {
  const gains = keptInOrder(history).flatMap((record) => measuredGain(history, record, undefined)?.gain ?? []);
  return gains.length === 0 ? undefined : gains.filter((gain) => gain < sigma).length / gains.length;
}

/** Misses in a row before a keep; undefined without a keep. */
function longestDrought({ kept }: StudyRecord): number | undefined {
  let [longest, misses] = [-1, 0];
  for (const isKept of kept) {
    if (isKept) longest = Math.max(longest, misses);
    misses = isKept ? 0 : misses + 1;
  }
  return longest < 0 ? undefined : longest;
}

/** A row in words. */
export interface StandingText {
  readonly figure: string;
  readonly own: string;
  /** The public median and the middle half. */
  readonly others: string;
  readonly place: string;
}

const figureTexts: Readonly<Record<StandingFigure, string>> = {
  'keep rate': 'experiments kept',
  'gain by 10': 'gain by experiment 10, of the baseline',
  'gain by 20': 'gain by experiment 20, of the baseline',
  'gain by 50': 'gain by experiment 50, of the baseline',
  'keeps under one sigma': 'keeps that gained less than the noise of one run',
  'longest drought': 'most misses in a row before a keep',
};

/** The row as a table has it. */
export function standingText({ figure, own, median, quartiles, below, of, repositories }: StandingRow): StandingText {
  const show = (value: number) => (figure === 'longest drought' ? formatRounded(value, 3) : shareText(value));
  return {
    figure: figureTexts[figure],
    own: own === null ? 'not known' : show(own),
    others: quartiles ? `${show(median)} (${show(quartiles[0])} to ${show(quartiles[1])})` : show(median),
    place:
      below === undefined
        ? `${of} keeps, ${repositories} repositories`
        : `more than ${Math.round(below * of)} of ${of} studies, ${repositories} repositories`,
  };
}

function shareText(share: number): string {
  return share === 0 ? '0 %' : `${share < 0 ? '-' : ''}${formatPercent(Math.abs(share))}`;
}

/** What a reader should know of the public figures. */
export const standingCaveat =
  'Public medians, in brackets the middle half of the studies. Public repositories report themselves, and those that report have mostly succeeded; most keep what one run says is better.';
