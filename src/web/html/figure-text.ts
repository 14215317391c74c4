/**
 * A figure in the page: a rounded text for people, and in its markup the figure's name and exact value, for
 * `nocturne check`.
 */
import { formatDifference, formatDuration, formatMetric, formatProbability } from '../../core/base/format.ts';
import type { Figures } from '../../core/views/report/check-figures.ts';
import { type Markup, markup } from '../markup.ts';
import { percentText } from '../sentences.ts';

/** A figure that is not known is null or undefined. */
export type NamedFigure = readonly [name: string, value: number | null | undefined];

export type ShowFigure = (name: string, form?: keyof typeof forms) => Markup | undefined;

const forms = {
  metric: formatMetric,
  difference: formatDifference,
  signed: (value: number) => `${value > 0 ? '+' : ''}${formatDifference(value)}`,
  count: (value: number) => String(value),
  percent: percentText,
  probability: formatProbability,
  duration: formatDuration,
  usd: (value: number) => `${value.toFixed(value < 1 ? 4 : 2)} USD`,
} as const;

/** Shows figures of this report; undefined for one that is not known. */
export function figureShower(figures: Figures): ShowFigure {
  return (name, form = 'metric') => {
    const value = figures.get(name);
    if (value === undefined) return undefined;
    return markup`<data data-figure="${name}" value="${String(value)}">${forms[form](value)}</data>`;
  };
}
