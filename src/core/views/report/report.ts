/**
 * The morning report as plain data: one field per section, each worked out by a view of its own. Markdown, HTML and the
 * figures are renderings of this and of nothing else.
 */

import type { Goal } from '../../base/metric.ts';
import { type ExperimentRow, experimentRows } from '../../journal/experiment-row.ts';
import type { WholeHistory } from '../../journal/held-out.ts';
import type { Insight, SpaceChange } from '../../journal/history.ts';
import { metricDecimals } from '../../journal/metric-decimals.ts';
import { pooledNoise } from '../../journal/noise.ts';
import type { Importance } from '../../space/trials/importance.ts';
import {
  type ContendedRun,
  contendedRuns,
  gpuPauseSentences,
  ownerPauseSentences,
  runAgainSentences,
} from '../conditions.ts';
import { finishedConfirmations } from '../confirmed-status.ts';
import { type Outlook, outlookOf } from '../forecast/outlook.ts';
import { type LastingGain, lastingGains } from '../lasting-gain.ts';
import { mendSentences } from '../mend-text.ts';
import { type Places, placesOf } from '../places.ts';
import { type ResearcherRow, researcherRows } from '../researchers.ts';
import { type Standing, standingOf } from '../standing/standing.ts';
import type { Attachments } from './attachments.ts';
import { type Confirmed, confirmedOf, type HeldOutFindings, heldOutOf } from './confirmed.ts';
import { type Curves, curvesOf } from './curves.ts';
import { type Expense, expenseOf } from './expense.ts';
import { type FailureGroup, failuresOf } from './failures.ts';
import { type Headline, headlineOf } from './headline.ts';
import { importanceOf } from './importance.ts';
import { type KeptExperiment, keptOf } from './kept.ts';
import { type NearMiss, nearMissesOf } from './near-misses.ts';
import { caveatsOf, type NoiseFigures, noiseFiguresOf } from './noise-figures.ts';
import { type Progress, progressOf } from './progress.ts';
import { type Reproduction, reproductionsOf } from './reproduce.ts';
import { type Suggestion, suggestionsOf } from './suggestions.ts';

/** What a report is made from: a study's journal, or the ledger of another program, which has fewer facts. */
export type Origin = 'study' | 'ledger';

export interface Report {
  readonly origin: Origin;
  readonly tag: string;
  readonly metric: string;
  readonly goal: Goal;
  /** Decimals of scores and gains on the whole page. */
  readonly decimals: number;
  /** The `seq` of the last entry that this report was made from. */
  readonly seq: number;
  /** The time of that entry. */
  readonly asOf: string;
  readonly headline: Headline;
  /** The first section of the report; undefined before the first confirmation. */
  readonly confirmed: Confirmed | undefined;
  readonly heldOut: HeldOutFindings | undefined;
  /** What confirmations at a longer budget found, the latest first. */
  readonly lasting: readonly LastingGain[];
  readonly caveats: readonly string[];
  readonly progress: Progress;
  /** What to expect of more experiments; absent until the baseline has a score. */
  readonly outlook: Outlook | undefined;
  /** Where it stands beside public studies; absent before its fifth experiment. */
  readonly standing: Standing | undefined;
  readonly kept: readonly KeptExperiment[];
  readonly nearMisses: readonly NearMiss[];
  readonly failures: readonly FailureGroup[];
  /** What each researcher of `auto` gained; empty for a study without `auto`. */
  readonly arms: readonly ResearcherRow[];
  /** Absent while there are too few trials of knobs. */
  readonly importance: Importance | undefined;
  /** How the searches changed the ranges, oldest first. */
  readonly spaceChanges: readonly SpaceChange[];
  readonly insights: readonly Insight[];
  readonly curves: Curves | undefined;
  readonly expense: Expense | undefined;
  readonly noise: NoiseFigures | undefined;
  /** What the runs were on, and where; absent where they do not say it. */
  readonly places: Places | undefined;
  /** Runs whose score the machine, not the candidate, may have made. */
  readonly contended: readonly ContendedRun[];
  /** Why the best was run again, and what it scored. */
  readonly ranAgain: readonly string[];
  /** When and why the study waited for its GPU. */
  readonly gpuPauses: readonly string[];
  /** When the owner paused the study. */
  readonly ownerPauses: readonly string[];
  /** When and why the journal was made whole again. */
  readonly mends: readonly string[];
  readonly attempts: readonly ExperimentRow[];
  readonly reproductions: readonly Reproduction[];
  readonly suggestions: readonly Suggestion[];
}

export interface ReportOptions {
  readonly attachments: Attachments;
  readonly isLive: boolean;
  readonly origin?: Origin;
}

/** The whole report as of the journal's last entry, so that the same journal makes the same report. */
export function reportOf(whole: WholeHistory, { attachments, isLive, origin = 'study' }: ReportOptions): Report {
  const { history, heldOut } = whole;
  const isStudy = origin === 'study';
  const noise = pooledNoise(history);
  const rows = experimentRows(history, history.experiments, noise);
  const decimals = metricDecimals(history, noise);
  const noiseFigures = isStudy ? noiseFiguresOf(history, noise) : undefined;
  return {
    origin,
    tag: history.tag,
    metric: history.frozen.metric.name,
    goal: history.frozen.metric.goal,
    decimals,
    seq: history.lastSeq,
    asOf: history.lastAt,
    headline: headlineOf(whole, noise, isLive),
    confirmed: confirmedOf(whole),
    heldOut: heldOutOf(whole),
    lasting: lastingGains(whole),
    caveats: noiseFigures
      ? caveatsOf(noiseFigures, finishedConfirmations(heldOut).length > 0)
      : ['Imported from a ledger: one run each, so nothing here says how much of a gain is noise.'],
    progress: progressOf(history, noise, decimals, origin),
    outlook: outlookOf(history, { isLedger: !isStudy }),
    standing: standingOf(history, noise),
    kept: keptOf(history, rows, attachments),
    nearMisses: nearMissesOf(history, rows, noise),
    failures: failuresOf(history),
    arms: researcherRows(history, rows),
    importance: importanceOf(history),
    spaceChanges: history.spaceChanges,
    insights: history.insights,
    curves: curvesOf(history, attachments),
    expense: isStudy ? expenseOf(history) : undefined,
    noise: noiseFigures,
    contended: contendedRuns(history.experiments),
    ranAgain: runAgainSentences(history),
    places: placesOf(history),
    gpuPauses: gpuPauseSentences(history),
    ownerPauses: ownerPauseSentences(history),
    mends: mendSentences(history),
    attempts: rows,
    suggestions: isStudy ? suggestionsOf(history, rows, noise) : [],
    reproductions: isStudy ? reproductionsOf(history) : [],
  };
}
