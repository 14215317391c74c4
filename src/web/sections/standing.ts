/**
 * Where the study stands beside public ones of its kind.
 */
import { type Standing, type StandingText, standingCaveat, standingText } from '../../core/views/standing/standing.ts';
import { cellTable } from '../html/cell-table.ts';
import { markup } from '../markup.ts';
import type { Section } from '../section.ts';

const header = ['', 'here', 'public', 'place'] as const;

export const standingSection: Section = {
  id: 'standing',
  heading: 'Where it stands',
  markdown: ({ standing }) => {
    if (!standing) return undefined;
    const rows = cells(standing).map((row) => `| ${row.join(' | ')} |`);
    return [
      `${lead(standing)}\n`,
      `| ${header.join(' | ')} |`,
      '|---|---|---|---|',
      ...rows,
      `\n${standingCaveat}`,
    ].join('\n');
  },
  html: ({ standing }) =>
    standing &&
    markup`<p>${lead(standing)}</p>${cellTable(header, cells(standing))}<p class="quiet">${standingCaveat}</p>`,
};

function lead({ comparedWith, asOf }: Standing): string {
  return `Beside ${comparedWith}, as of ${asOf}.`;
}

function cells({ rows }: Standing): string[][] {
  return rows.map(standingText).map(({ figure, own, others, place }: StandingText) => [figure, own, others, place]);
}
