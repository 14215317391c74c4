/**
 * The studies in a folder of public ledgers, read by the project's own readers, and split into two halves by repository:
 * what is chosen on one is judged on the other.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readLedger } from '../../src/adapters/ledgers/read-ledger.ts';
import { ResearchError } from '../../src/core/base/errors.ts';
import { type Goal, gainOver } from '../../src/core/base/metric.ts';
import { metricKind } from '../../src/core/base/metric-kind.ts';
import type { LedgerPart, LedgerRow, SettledPart } from '../../src/core/imported/ledger.ts';
import { goalOfLedger } from '../../src/core/imported/ledger-goal.ts';
import { settlePart } from '../../src/core/imported/settle.ts';
import { type IndexedLedger, readIndex } from './index-file.ts';
import type { Half, PublicExperiment, PublicStudy } from './study.ts';
import { withoutCopies } from './without-copies.ts';

/** A ledger or a study of it that is not counted. */
export interface LeftOutStudy {
  readonly repository: string;
  readonly file: string;
  readonly reason: string;
}

export interface PublicStudies {
  readonly studies: readonly PublicStudy[];
  readonly leftOut: readonly LeftOutStudy[];
}

/** Rows, the baseline's among them, that a study must have. */
const minRows = 15;
/** Share of its keeps that must be better than what was kept before: below it the direction or the column is in doubt. */
const minImproving = 0.8;
/** Share of its experiments beyond which what it kept is all that it tells. */
const maxKept = 0.8;
/** Places in a repository of ledgers that a search wrote, not an agent. */
const searchPath = /bayes|random|optuna|grid|sweep|hyperband|(?:^|[/_-])tpe(?:[/_.-]|$)/i;

/** The studies of agents in the ledgers of this folder that the index names, without copies, each repository in one half. */
export async function readStudies(folder: string, index: string): Promise<PublicStudies> {
  const read = await Promise.all((await readIndex(index)).map((ledger) => studiesOf(folder, ledger)));
  const { kept, copies } = withoutCopies(read.flatMap(({ studies }) => studies));
  const copied = copies.map(({ repository, file }) => ({ repository, file, reason: 'a copy of a longer one' }));
  return { studies: kept, leftOut: [...read.flatMap(({ leftOut }) => leftOut), ...copied] };
}

/** The half of a repository: by the parity of the SHA-1 of its `owner/name`, even is for choosing. */
export function halfOf(repository: string): Half {
  const last = createHash('sha1').update(repository).digest('hex').slice(-1);
  return Number.parseInt(last, 16) % 2 === 0 ? 'choosing' : 'judged';
}

async function studiesOf(folder: string, ledger: IndexedLedger): Promise<PublicStudies> {
  const leave = (reason: string) => ({ repository: ledger.repository, file: ledger.file, reason });
  if (searchPath.test(ledger.path)) return { studies: [], leftOut: [leave('written by a search, not an agent')] };
  try {
    const { parts } = (await readLedger(join(folder, ledger.file))).ledger;
    const found = parts.map((part) => studyOf(part, parts, ledger));
    return {
      studies: found.flatMap((each) => (typeof each === 'string' ? [] : [each])),
      leftOut: found.flatMap((each) => (typeof each === 'string' ? [leave(each)] : [])),
    };
  } catch (error) {
    if (!(error instanceof ResearchError)) throw error;
    return { studies: [], leftOut: [leave('nothing says what its score is')] };
  }
}

/** The study of this part, or why it is left out. */
function studyOf(
  part: LedgerPart,
  parts: readonly LedgerPart[],
  { repository, file }: IndexedLedger,
): PublicStudy | string {
  if (part.rows.length < minRows) return `fewer than ${minRows} rows`;
  if (!part.hasDecisions) return 'it decides nothing';
  const alike = parts.filter(({ metric, name }) => metric === part.metric && name === part.name);
  const goal = goalIn(alike, file);
  if (goal === undefined) return 'nothing says which way is better';
  const settled = settlePart(part, goal);
  const first = baselineOf(settled);
  if (first?.value == null) return 'no row has a score';
  const study: PublicStudy = {
    repository,
    file,
    half: halfOf(repository),
    metric: part.metric,
    kind: metricKind(part.metric, goal),
    goal,
    baseline: first.value,
    experiments: settled.rows.filter((row) => row !== first).map(experimentOf),
  };
  if (keptShare(study) > maxKept) return 'it tells hardly more than what was kept';
  return improvingShare(study) < minImproving ? 'its keeps do not improve' : study;
}

/** The direction; undefined where nothing says it. */
function goalIn(alike: readonly LedgerPart[], file: string): Goal | undefined {
  try {
    return goalOfLedger(alike, undefined, file).goal;
  } catch (error) {
    if (error instanceof ResearchError) return undefined;
    throw error;
  }
}

function baselineOf({ rows }: SettledPart): LedgerRow | undefined {
  const scored = rows.filter(({ value }) => value !== null);
  return scored.find(({ status }) => status === 'keep') ?? scored[0];
}

function experimentOf({ value, status, description }: LedgerRow): PublicExperiment {
  const outcome = status === 'keep' ? 'kept' : status === 'crash' || value === null ? 'crashed' : 'discarded';
  return { value: status === 'crash' ? null : value, outcome, description };
}

function keptShare({ experiments }: PublicStudy): number {
  return experiments.filter(({ outcome }) => outcome === 'kept').length / experiments.length;
}

/** The share of keeps that are no worse than what was kept before. */
function improvingShare({ goal, baseline, experiments }: PublicStudy): number {
  let [incumbent, keeps, improving] = [baseline, 0, 0];
  for (const { outcome, value } of experiments) {
    if (outcome !== 'kept' || value === null) continue;
    keeps += 1;
    improving += gainOver(goal, incumbent, value) >= 0 ? 1 : 0;
    incumbent = value;
  }
  return keeps === 0 ? 1 : improving / keeps;
}
