/**
 * Public studies by agents, to compare one with: those of its kind of metric, from the tables in src/data/evidence.
 */
import doubtful from '../../../data/evidence/doubtful-keeps.json' with { type: 'json' };
import table from '../../../data/evidence/studies.json' with { type: 'json' };
import type { MetricKind } from '../../base/metric-kind.ts';
import { quantile } from '../../statistics/quantile.ts';

/** What is compared. `gain` is a share of the baseline's score. */
export type StandingFigure =
  | 'keep rate'
  | 'gain by 10'
  | 'gain by 20'
  | 'gain by 50'
  | 'keeps under one sigma'
  | 'longest drought';

type StudyRow = (typeof table.rows)[number];

/** Studies of one kind, or of all kinds where fewer than three repositories have that one. */
export interface PublicStudies {
  readonly kind: MetricKind | 'all';
  readonly asOf: string;
  readonly studies: readonly StudyRow[];
  readonly repositories: number;
  readonly experiments: number;
}

/** Repositories without which a figure is not compared: a lab or two say how they work, not how others do. */
const minRepositories = 3;

const byAgents = table.rows.filter(({ arm }) => arm === 'agent');

/** The public studies that a metric of this kind is compared with. */
export function publicStudies(kind: MetricKind): PublicStudies {
  const own = byAgents.filter((study) => study.kind === kind);
  const isEnough = countRepositories(own) >= minRepositories;
  const studies = isEnough ? own : byAgents;
  return {
    kind: isEnough ? kind : 'all',
    asOf: table.asOf,
    studies,
    repositories: countRepositories(studies),
    experiments: studies.reduce((sum, { experiments }) => sum + experiments, 0),
  };
}

/** One figure over the studies that have it, each study once. */
export interface PublicFigure {
  readonly median: number;
  /** The middle half of the studies lies between them. */
  readonly quartiles: readonly [number, number];
  readonly studies: number;
  readonly repositories: number;
  /** Share of the studies with a lower one than this. */
  readonly below: (own: number) => number;
}

/** Undefined where fewer than three repositories have it. */
export function publicFigure(
  { studies }: Pick<PublicStudies, 'studies'>,
  figure: Exclude<StandingFigure, 'keeps under one sigma'>,
): PublicFigure | undefined {
  const found = studies.flatMap((study) => {
    const value = figureOf[figure](study);
    return value === undefined ? [] : [{ repo: study.repo, value }];
  });
  if (countRepositories(found) < minRepositories) return undefined;
  const sorted = found.map(({ value }) => value).toSorted((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    quartiles: [quantile(sorted, 0.25), quantile(sorted, 0.75)],
    studies: sorted.length,
    repositories: countRepositories(found),
    below: (own) => sorted.filter((value) => value < own).length / sorted.length,
  };
}

const figureOf: Readonly<
  Record<Exclude<StandingFigure, 'keeps under one sigma'>, (study: StudyRow) => number | undefined>
> = {
  'keep rate': ({ keep_rate }) => keep_rate,
  'gain by 10': (study) => gainBy(study, 10, study.share_by_10),
  'gain by 20': (study) => gainBy(study, 20, study.share_by_20),
  'gain by 50': (study) => gainBy(study, 50, study.share_by_50),
  'longest drought': ({ longest_drought_before_a_keep }) => longest_drought_before_a_keep,
};

/** `share` is one of the study's whole gain. */
function gainBy({ experiments, total_gain_share }: StudyRow, count: number, share: number | null): number | undefined {
  return experiments < count || share === null ? undefined : share * total_gain_share;
}

/** Public keeps that gained less than the noise of one run in their study, where that is known. */
export interface KeepsUnderOneSigma {
  readonly keeps: number;
  readonly of: number;
  readonly share: number;
  readonly repositories: number;
}

/** Of studies of this kind, or of all kinds where fewer than three repositories have a known noise. */
export function keepsUnderOneSigma(kind: MetricKind | 'all'): KeepsUnderOneSigma {
  const rows = doubtful.rows.filter(({ what }) => what === 'under one sigma of this study');
  const own = rows.find((row) => row.kind === kind && row.repos >= minRepositories);
  const row = own ?? rows.find((each) => each.kind === 'all');
  return { keeps: row?.keeps ?? 0, of: row?.of ?? 0, share: row?.share ?? 0, repositories: row?.repos ?? 0 };
}

function countRepositories(studies: readonly { readonly repo: string }[]): number {
  return new Set(studies.map(({ repo }) => repo)).size;
}

const kindTexts: Readonly<Record<MetricKind | 'all', string>> = {
  lm_bpb: 'a loss in bits or nats, mostly of language models',
  error: 'an error, lower is better',
  accuracy: 'an accuracy or a score, higher is better',
  speed: 'a speed',
  trading: 'a profit',
  other: 'an unnamed metric',
  all: 'a metric of any kind',
};

/** Such as `83 public studies by agents on a loss in bits or nats, mostly of language models (24 repositories, 7034 experiments, self-reported)`. */
export function publicStudiesText({ kind, studies, repositories, experiments }: PublicStudies): string {
  return `${studies.length} public studies by agents on ${kindTexts[kind]} (${repositories} repositories, ${experiments} experiments, self-reported)`;
}
