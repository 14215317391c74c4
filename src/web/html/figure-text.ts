/**
 * A figure in the page: a rounded text for people, and in its markup the figure's name and exact value, for
 * `nocturne check`.
 */
import {
  formatAt,
  formatDuration,
  formatPercent,
  formatProbability,
  formatSigned,
  formatUsd,
} from '../../core/base/format.ts';
import type { Figures } from '../../core/views/report/check-figures.ts';
import { type Markup, markup } from '../markup.ts';

/** A figure that is not known is null or undefined. */
export type NamedFigure = readonly [name: string, value: number | null | undefined];

/** `decimals` where they are not the page's own. */
export type ShowFigure = (name: string, form?: keyof typeof forms, decimals?: number) => Markup | undefined;

const forms = {
  metric: formatAt,
  signed: formatSigned,
  size: (value: number, decimals: number) => formatAt(Math.abs(value), decimals),
  count: (value: number) => String(value),
  percent: (share: number) => formatPercent(Math.abs(share)),
  probability: formatProbability,
  duration: formatDuration,
  usd: (value: number) => `${formatUsd(value)} USD`,
} as const;

/** Shows figures of this report, scores with this many decimals; undefined for one that is not known. */
export function figureShower(figures: Figures, pageDecimals: number): ShowFigure {
  return (name, form = 'metric', decimals = pageDecimals) => {
    const value = figures.get(name);
    if (value === undefined) return undefined;
    return markup`<data data-figure="${name}" value="${String(value)}">${forms[form](value, decimals)}</data>`;
  };
}
