/**
 * The study's memory as a model reads it: old experiments folded in blocks of fifty, later ones in a line each, the last
 * ten to nineteen in detail.
 *
 * It only ever grows at its end, but for a step every ten and every fifty experiments; so from call to call nearly all of
 * it is the same bytes, in the same pieces, which a provider has in its cache. It has a fixed largest size, however long
 * the study.
 */

import { statusOf } from '../journal/experiment-row.ts';
import type { ExperimentRecord, History } from '../journal/history.ts';
import { type ExperimentTexts, experimentDetail } from './experiment-detail.ts';
import { foldBlock } from './fold-block.ts';
import { ledgerLegend, ledgerLine } from './ledger-line.ts';

const blockSize = 50;
const detailStep = 10;
const fullBlocks = 4;
const briefBlocks = 12;

/** What the details are made of, for the experiments that `detailedExperiments` names. */
export type TextsOf = (experiment: number) => ExperimentTexts | undefined;

/** The ledger in pieces, oldest first; each piece is its own message, so that a cache can hold the ones before it. */
export interface LedgerPieces {
  /** The same for ten experiments at least, and then one more in most cases. */
  readonly lasting: readonly string[];
  /** One per experiment: each new one adds a piece. */
  readonly detailed: readonly string[];
}

/** The ledger as of this history. */
export function ledgerPieces(history: History, textsOf: TextsOf, delimiter: string): LedgerPieces {
  const { baseline, folded, listed, detailed } = layOut(history);
  const blocks = inGroups(folded, blockSize).map((records, index, all) =>
    foldedBlock(history, records, all.length - index),
  );
  const head = ['# The ledger of this study', ledgerLegend, ...baseline.map((record) => ledgerLine(history, record))];
  const lines = inGroups(listed, detailStep).map((records) =>
    records.map((record) => ledgerLine(history, record)).join('\n'),
  );
  return {
    lasting: [[...head, ...blocks.filter((block) => block !== '')].join('\n\n'), ...lines],
    detailed: detailed.map((record) => experimentDetail(history, record, textsOf(record.experiment), delimiter)),
  };
}

/** The experiments that are shown in detail, for which texts are wanted. */
export function detailedExperiments(history: History): number[] {
  return layOut(history).detailed.map((record) => record.experiment);
}

function layOut(history: History) {
  const settled = history.experiments.filter((record) => statusOf(record) !== 'running');
  const baseline = settled.filter((record) => record.experiment === 0);
  const tried = settled.filter((record) => record.experiment > 0);
  const detailFrom = Math.max(0, (Math.floor(tried.length / detailStep) - 1) * detailStep);
  const foldTo = Math.floor(detailFrom / blockSize) * blockSize;
  return {
    baseline,
    folded: tried.slice(0, foldTo),
    listed: tried.slice(foldTo, detailFrom),
    detailed: tried.slice(detailFrom),
  };
}

/** `age` counts from the newest block, 1; the oldest ones are one tool call away and no longer shown. */
function foldedBlock(history: History, records: readonly ExperimentRecord[], age: number): string {
  if (age <= fullBlocks) return foldBlock(history, records, false);
  if (age <= briefBlocks) return foldBlock(history, records, true);
  if (age > briefBlocks + 1) return '';
  return `Experiments before #${(records.at(-1)?.experiment ?? 0) + 1} are not shown; list_experiments has them.`;
}

function inGroups<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
