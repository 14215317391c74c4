/**
 * Where the hours and the money went.
 */
import { countText, formatDuration } from '../../core/base/format.ts';
import type { Expense } from '../../core/views/report/expense.ts';
import type { ShowFigure } from '../html/figure-text.ts';
import { type Markup, markup } from '../markup.ts';
import type { Section } from '../section.ts';

export const expenseSection: Section = {
  id: 'expense',
  heading: 'Time and money',
  markdown: ({ expense }) => expense && `${expenseSentence(expense)}${secondsTable(expense)}`,
  html: ({ expense }, figure) => expense && markup`<p>${expenseSentence(expense)}</p>${secondsBar(expense, figure)}`,
  figures: ({ expense }) =>
    expense ? spentSeconds(expense).map(([status, seconds]) => [`seconds.${status}`, seconds]) : [],
};

/** Runs, hours and the cost of model calls. */
function expenseSentence({ runs, runSeconds, liveSeconds, models, isAgent }: Expense): string {
  const unknown = isAgent ? 'what the coding agent spent is not known here' : 'no model calls';
  const thinking = models === undefined ? unknown : `model calls: ${models}`;
  return `${countText(runs, 'run')}, ${formatDuration(runSeconds)} of training and scoring in ${formatDuration(liveSeconds)} of live time, ${thinking}.`;
}

function secondsTable(expense: Expense): string {
  const rows = spentSeconds(expense).map(([status, seconds]) => `| ${status} | ${formatDuration(seconds)} |`);
  return rows.length === 0 ? '' : `\n\n| spent on | time |\n|---|---|\n${rows.join('\n')}`;
}

function secondsBar(expense: Expense, figure: ShowFigure): Markup | undefined {
  const spent = spentSeconds(expense);
  if (spent.length === 0) return undefined;
  const total = expense.runSeconds || 1;
  const bars = spent.map(
    ([status, seconds]) =>
      markup`<span class="share of-${status}" style="flex-grow:${Math.max(0.001, seconds / total).toFixed(4)}" title="${status}: ${formatDuration(seconds)}"></span>`,
  );
  const legend = spent.map(
    ([status]) =>
      markup`<li><span class="swatch of-${status}"></span>${status} ${figure(`seconds.${status}`, 'duration')}</li>`,
  );
  return markup`<div class="shares">${bars}</div><ul class="legend">${legend}</ul>`;
}

function spentSeconds({ secondsBy }: Expense): [status: string, seconds: number][] {
  return Object.entries(secondsBy).filter(([, seconds]) => seconds > 0);
}
