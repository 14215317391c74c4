/**
 * A cell of the table of experiments: what is read, and beside it the exact value.
 */
import {
  formatAt,
  formatDuration,
  formatMetric,
  formatProbability,
  formatSigned,
  formatUsd,
} from '../../core/base/format.ts';
import { formatNumber } from '../../core/space/number-text.ts';
import type { Cell, CellForm } from '../../core/views/table/columns.ts';
import { type Markup, markup } from '../markup.ts';

/** Characters of a text that are shown: a reason may quote a whole log. */
const maxCharacters = 200;

/** The cell's content; undefined for one without a value. Scores and gains have this many decimals. */
export function cellContent(cell: Cell, form: CellForm, decimals: number): Markup | string | undefined {
  if (cell === null) return undefined;
  if (typeof cell === 'string') return cell.length > maxCharacters ? `${cell.slice(0, maxCharacters)}…` : cell;
  return markup`<data value="${String(cell)}">${forms[form](cell, decimals)}</data>`;
}

const forms: Readonly<Record<CellForm, (value: number, decimals: number) => string>> = {
  text: String,
  count: String,
  score: formatAt,
  gain: formatSigned,
  probability: formatProbability,
  duration: formatDuration,
  usd: formatUsd,
  knob: formatNumber,
  figure: (value) => (Number.isInteger(value) ? String(value) : formatMetric(value)),
};
