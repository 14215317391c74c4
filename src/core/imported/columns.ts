/**
 * Which column of a table holds what: the decision, the score, the words, the commit, the memory.
 *
 * Names come first, then what the cells hold. Of several columns that could be the score, the one counts that the ledger's
 * own decisions follow: rows that it kept are better in it than those before, rows that it discarded are not.
 */
import { cellNumber } from './cells.ts';
import { commitNames, goalOfName, isStatusName, keyOf, scoreTier, statusNames, textNames } from './column-names.ts';
import { courseOf, type Step } from './course.ts';
import { isTelling, readStatus } from './status-words.ts';
import type { Table } from './table.ts';

/** Indexes of columns. */
export interface Columns {
  readonly score: number;
  readonly status: number | undefined;
  /** Another column of statuses, which may say that a run crashed. */
  readonly outcome: number | undefined;
  readonly description: number | undefined;
  readonly commit: number | undefined;
  readonly memory: { readonly at: number; readonly perGb: number } | undefined;
}

/** The columns; undefined where none can hold a score. */
export function columnsOf(table: Table): Columns | undefined {
  const status = statusColumn(table);
  const score = scoreColumn(table, status);
  if (score === undefined) return undefined;
  const description = textColumn(table, [score, status]);
  const outcome = table.columns.findIndex(
    (name, at) => at !== status && isStatusName(shortName(name)) && shareOfStatuses(table, at) >= 0.5,
  );
  return {
    score,
    status,
    outcome: outcome === -1 ? undefined : outcome,
    description,
    commit: commitColumn(table, [score, status]),
    memory: memoryColumn(table),
  };
}

function cellsIn({ rows }: Table, column: number): string[] {
  return rows.map(({ cells }) => cells[column] ?? '').filter((cell) => cell !== '');
}

function statusColumn(table: Table): number | undefined {
  const { columns, rows } = table;
  const named = columns
    .flatMap((name, at) =>
      isStatusName(shortName(name)) ? [{ at, rank: statusNames.indexOf(keyOf(shortName(name))) }] : [],
    )
    .toSorted((a, b) => a.rank - b.rank);
  // A column `result` or `action` may hold anything: it counts when its words are statuses. One that decides counts first.
  const sure = named.filter(({ at, rank }) => rank < 2 || rows.length === 0 || shareOfStatuses(table, at) >= 0.5);
  const first = sure.find(({ at }) => decides(table, at)) ?? sure[0];
  if (first) return first.at;
  const [best] = columns
    .map((_, at) => ({ at, share: shareOfDecisions(table, at) }))
    .filter(({ share }) => share >= 0.6)
    .toSorted((a, b) => b.share - a.share);
  return best?.at;
}

function decides(table: Table, column: number): boolean {
  return cellsIn(table, column).some((cell) => /^(?:keep|discard|baseline)$/.test(readStatus(cell) ?? ''));
}

function shareOfStatuses(table: Table, column: number): number {
  const cells = cellsIn(table, column);
  return cells.filter((cell) => readStatus(cell) !== undefined).length / Math.max(1, cells.length);
}

/** The share of cells that decide, for a column whose name says nothing: numbers and `pass` decide only under a name. */
function shareOfDecisions(table: Table, column: number): number {
  const cells = cellsIn(table, column);
  const isDecision = (cell: string) =>
    cellNumber(cell) === undefined && cell.length <= 40 && isTelling(readStatus(cell, 'whole'));
  const isKeepOrDiscard = cells.some((cell) => /^\W*(?:keep|kept|discard|revert)/i.test(cell));
  return isKeepOrDiscard ? cells.filter(isDecision).length / Math.max(1, cells.length) : 0;
}

/** Fewer numbers than this share of the rows that could have one, and a column holds no score. */
const minNumbers = 0.4;

function scoreColumn(table: Table, status: number | undefined): number | undefined {
  const { columns, metric } = table;
  if (metric !== undefined) {
    const named = columns.findIndex((name) => name === metric || keyOf(name) === keyOf(metric));
    if (named !== -1) return named;
  }
  const named = columns
    .map((name, at) => ({ at, name, tier: tierAt(table, at, status) }))
    .filter(({ at, name, tier }) => at !== status && tier < 9 && !columns.includes(`${name}_value`));
  const numeric = named.filter(({ at }) => isNumeric(table, at, status));
  const varying = numeric.filter(({ at, tier }) => !isConstant(cellsIn(table, at), tier));
  // Where no row has a number, as where all crashed, the name must do.
  const byName = named.filter(
    ({ at, tier }) => tier <= 2 && !cellsIn(table, at).some((cell) => isWords(cell) && !isNoNumber(cell)),
  );
  const withoutRows = table.rows.length === 0 ? named.filter(({ tier }) => tier !== 3) : byName;
  const candidates = varying.length > 0 ? varying : numeric.length > 0 ? numeric : withoutRows;
  const [first] = candidates.toSorted((a, b) => a.tier - b.tier || a.at - b.at);
  if (first === undefined) return undefined;
  return followedColumn(table, status, first, candidates)?.at ?? first.at;
}

/** A column that never changes holds no score, unless its name says so; a flag of 0 and 1 is none either way. */
function isConstant(cells: readonly string[], tier: number): boolean {
  const isFlag = cells.length > 2 && cells.every((cell) => /^[01]$/.test(cell));
  return isFlag || (tier > 2 && cells.length > 3 && new Set(cells).size === 1);
}

/** The tier of a column by its name; the one beside the commit is the metric of autoresearch's own ledgers. */
function tierAt({ columns }: Table, at: number, status: number | undefined): number {
  const name = shortName(columns[at] ?? '');
  const tier = scoreTier(name) ?? 9;
  const isBeside = at === 1 && status !== undefined && commitNames.includes(keyOf(columns[0] ?? ''));
  return isBeside && tier <= 3 && !/train/i.test(name) ? 1 : tier;
}

/** `metrics.val_loss` is `val_loss`, `results/acc` is `acc`. */
export function shortName(name: string): string {
  return name.replace(/^(?:metrics?|results?|summary|values?|scores?)[./]/i, '');
}

function isNumeric(table: Table, column: number, status: number | undefined): boolean {
  const rows = table.rows.filter(({ cells }) => status === undefined || readStatus(cells[status] ?? '') !== 'crash');
  const pool = rows.length === 0 ? table.rows : rows;
  const filled = pool.filter(({ cells }) => !isNoNumber(cells[column] ?? ''));
  const numbers = filled.filter(({ cells }) => cellNumber(cells[column] ?? '', table.hasDecimalComma) !== undefined);
  return numbers.length > 0 && numbers.length >= minNumbers * filled.length;
}

/** What stands in the place of a number that there is not. */
function isNoNumber(cell: string): boolean {
  return /^(?:|[-+]?nan|[-+]?inf(?:inity)?|n\/?a|none|null|-+|\?+|—|oom|crash(?:ed)?|fail(?:ed)?|timeout|tbd)$/i.test(
    cell,
  );
}

interface Candidate {
  readonly at: number;
  readonly name: string;
  readonly tier: number;
}

/** The column that the decisions follow, where that is plain and the likeliest by name is not it; else undefined. */
function followedColumn(
  table: Table,
  status: number | undefined,
  first: Candidate,
  candidates: readonly Candidate[],
): Candidate | undefined {
  if (status === undefined) return undefined;
  const fits = candidates.filter(({ tier }) => tier <= 3).map((each) => ({ ...each, ...fitOf(table, status, each) }));
  const own = fits.find(({ at }) => at === first.at);
  if (!own || own.count < 3 || own.share >= 0.9) return undefined;
  const better = fits.filter(
    ({ at, share, count }) =>
      share >= 0.9 && count >= 4 && (share - own.share) * count >= 2 && (at < own.at || own.share < 0.7),
  );
  return better.toSorted((a, b) => b.share - a.share || a.at - b.at)[0];
}

/** How far the decisions follow a column: the share of them that agree with its direction. */
function fitOf(table: Table, status: number, { at, name }: Candidate): { share: number; count: number } {
  const steps = table.rows.map(({ cells }): Step => {
    const reading = readStatus(cells[status] ?? '');
    return { reading, value: cellNumber(cells[at] ?? '', table.hasDecimalComma) ?? null };
  });
  const { lower, higher, equalKeeps } = courseOf(steps);
  const count = lower + higher + equalKeeps;
  const named = goalOfName(shortName(name))?.goal;
  const agree = named === undefined ? Math.max(lower, higher) : named === 'minimize' ? lower : higher;
  return { share: count === 0 ? 0 : agree / count, count };
}

/** The surest text column that holds words, else the column with the longest cells. */
function textColumn(table: Table, taken: readonly (number | undefined)[]): number | undefined {
  const { columns, rows } = table;
  const free = columns.map((name, at) => ({ at, name })).filter(({ at }) => !taken.includes(at));
  const ranked = free
    .map(({ at, name }) => ({ at, rank: textNames.indexOf(keyOf(shortName(name))) }))
    .filter(
      ({ at, rank }) =>
        rank !== -1 && (rows.length === 0 || cellsIn(table, at).some((cell) => cellNumber(cell) === undefined)),
    )
    .toSorted((a, b) => a.rank - b.rank);
  if (ranked[0]) return ranked[0].at;
  const lengths = free.map(({ at }) => ({ at, length: meanLength(cellsIn(table, at).filter(isWords)) }));
  const [longest] = lengths.toSorted((a, b) => b.length - a.length);
  return longest && longest.length >= 8 ? longest.at : undefined;
}

function isWords(cell: string): boolean {
  return cellNumber(cell) === undefined && /\p{L}{2}/u.test(cell);
}

function meanLength(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + cell.length, 0) / Math.max(1, cells.length);
}

function commitColumn(table: Table, taken: readonly (number | undefined)[]): number | undefined {
  const { columns } = table;
  const [named] = columns
    .map((name, at) => ({ at, rank: commitNames.indexOf(keyOf(shortName(name))) }))
    .filter(({ at, rank }) => rank !== -1 && !taken.includes(at))
    .toSorted((a, b) => a.rank - b.rank);
  if (named) return named.at;
  const hashes = columns.findIndex((_, at) => {
    const cells = cellsIn(table, at);
    return cells.length > 0 && cells.filter((cell) => /^[0-9a-f]{7,40}$/.test(cell)).length >= cells.length / 2;
  });
  return hashes === -1 || taken.includes(hashes) ? undefined : hashes;
}

function memoryColumn({ columns }: Table): Columns['memory'] {
  const at = columns.findIndex((name) => /(?:mem|vram|ram).*(?:gb|gib|mb|mib)$/.test(keyOf(name)));
  if (at === -1) return undefined;
  return { at, perGb: /m(?:i)?b$/.test(keyOf(columns[at] ?? '')) ? 1024 : 1 };
}
