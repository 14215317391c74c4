/**
 * The ledger: a study's experiments as a model reads them. Old ones are folded in blocks of 50, later ones have a line
 * each, and the last 10 to 19 are shown in detail.
 *
 * From call to call it only grows at its end; its beginning changes every 10 and every 50 experiments. So nearly all of
 * it is the same bytes, in the same pieces, which a provider has in its cache. Its size has an upper limit, which does
 * not depend on the length of the study.
 */

import { type ExperimentRecord, experimentOf, type History } from '../journal/history.ts';
import { type ExperimentTexts, experimentDetail } from './experiment-detail.ts';
import { foldBlock } from './fold-block.ts';
import { ledgerLegend, ledgerLine } from './ledger-line.ts';

/** Experiments of one folded block. */
const blockSize = 50;
/** Experiments after which the oldest ones in detail become lines. */
const detailStep = 10;
/** Ages, in blocks, up to which a block is shown in full, and in brief. */
const fullBlocks = 4;
const briefBlocks = 12;

/** What the details are made of, for the experiments that `detailedExperiments` names. */
export type TextsOf = (experiment: number) => ExperimentTexts | undefined;

/** The ledger in pieces, oldest first; each piece is a message, so that a cache can hold all messages before it. */
export interface LedgerPieces {
  /** Unchanged for at least 10 experiments; then mostly one piece is added. */
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
  // In the order of the verdicts, which with several slots is not that of the numbers: what is added comes last.
  const settled = history.settled.map((experiment) => experimentOf(history, experiment));
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

/** `age` is 1 for the newest block; blocks beyond age 12 are not shown, but a tool call gives their experiments. */
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
