/**
 * Every attempt, newest last.
 */
import { formatAt, formatSigned } from '../../core/base/format.ts';
import type { ExperimentRow } from '../../core/journal/experiment-row.ts';
import { type Voucher, voucherText } from '../../core/journal/run.ts';
import type { Report } from '../../core/views/report/report.ts';
import type { ShowFigure } from '../html/figure-text.ts';
import { escapeMarkdown } from '../markdown/escape.ts';
import { type Markup, markup } from '../markup.ts';
import type { Section } from '../section.ts';

/** Rows of the table, the latest; `nocturne log` prints all of them. */
export const maxRows = 1000;

export const attemptsSection: Section = {
  id: 'attempts',
  heading: 'Every attempt',
  markdown: ({ attempts, tag, decimals }) => {
    const earlier =
      attempts.length > maxRows
        ? [`The ${attempts.length - maxRows} before them: \`nocturne log --tag ${tag}\`.`, '']
        : [];
    const header = ['| # | status | metric | gain | vouched | what |', '|---|---|---|---|---|---|'];
    return [...earlier, ...header, ...attempts.slice(-maxRows).map((row) => rowText(row, decimals))].join('\n');
  },
  html: ({ attempts, metric, tag }: Report, figure) => {
    const cut =
      attempts.length > maxRows
        ? markup`<p class="quiet">The ${attempts.length - maxRows} before them: <code>nocturne log --tag ${tag}</code></p>`
        : undefined;
    const rows = attempts.slice(-maxRows).map((row) => rowMarkup(row, figure));
    return markup`${cut}<div class="scroll" tabindex="0"><table><thead><tr><th>#</th><th>status</th><th>${metric}</th><th>gain</th><th>vouched</th><th>what</th></tr></thead><tbody>${rows}</tbody></table></div>`;
  },
  figures: ({ attempts }) =>
    attempts.flatMap(({ experiment, metric, gain }) => [
      [`attempt.${experiment}.metric`, metric],
      [`attempt.${experiment}.gain`, gain],
    ]),
};

function voucherCell(vouched: Voucher | null): string {
  return vouched === null ? '' : voucherText(vouched);
}

function rowText({ experiment, status, metric, gain, vouched, title }: ExperimentRow, decimals: number): string {
  const score = metric === null ? '' : formatAt(metric, decimals);
  const gained = gain === null ? '' : formatSigned(gain, decimals);
  return `| ${experiment} | ${status} | ${score} | ${gained} | ${voucherCell(vouched)} | ${escapeMarkdown(title)} |`;
}

function rowMarkup({ experiment, status, vouched, title, reason }: ExperimentRow, figure: ShowFigure): Markup {
  const detail =
    status === 'failed' || status === 'dropped' ? markup`<br><span class="quiet">${reason}</span>` : undefined;
  return markup`<tr class="is-${status}" id="a${experiment}"><td>${experiment}</td><td>${status}</td><td>${figure(`attempt.${experiment}.metric`)}</td><td>${figure(`attempt.${experiment}.gain`, 'signed')}</td><td>${voucherCell(vouched)}</td><td>${title}${detail}</td></tr>`;
}
