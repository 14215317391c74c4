import { describe, expect, test } from 'vitest';
import { reportOf } from '../../src/core/views/report/report.ts';
import { figuresOf } from '../../src/web/figures.ts';
import { figureShower } from '../../src/web/html/figure-text.ts';
import { reportPage } from '../../src/web/html/page.ts';
import { reportMarkdown } from '../../src/web/markdown/report-markdown.ts';
import { reportSections } from '../../src/web/report-sections.ts';
import { livedInAttachments, livedInJournal } from '../helpers/lived-in-study.ts';
import { createJournal } from '../helpers/study-history.ts';

const report = reportOf(livedInJournal().whole(), { attachments: livedInAttachments, isLive: false });

const headingsOfPage = (page: string) => [...page.matchAll(/<h2>([^<]*)/g)].map(([, heading = '']) => heading.trim());
const headingsOfMarkdown = (text: string) => [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);

describe('the sections of the report', () => {
  test('stand once in each of its renderings, the loss curves in the page alone', () => {
    const page = headingsOfPage(reportPage(report));
    const markdown = headingsOfMarkdown(reportMarkdown(report));
    expect(new Set(page).size).toBe(page.length);
    expect(page.filter((heading) => heading !== 'Loss curves').sort()).toEqual(markdown.sort());
    expect(page).toContain('Loss curves');
  });

  test('leave no heading behind while they have nothing to say', () => {
    const empty = createJournal();
    empty.begin();
    const begun = reportOf(empty.whole(), { attachments: livedInAttachments, isLive: true });
    const text = reportMarkdown(begun);
    expect(headingsOfMarkdown(text)).toEqual([
      'Kept',
      'What to expect',
      'Time and money',
      'Noise',
      'Every attempt',
      'How to reproduce',
    ]);
    expect(text).not.toContain('\n\n\n');
  });
});

const shown = reportSections.flatMap((section) => (section.html && section.figures ? [section] : []));

test.each(shown.map((section) => [section.id, section] as const))(
  'section %s shows the figures that it names, and no others',
  (_, { html, figures }) => {
    const page = html?.(report, figureShower(figuresOf(report), report.decimals))?.markup ?? '';
    const found = [...page.matchAll(/data-figure="([^"]*)"/g)].map(([, name]) => name);
    const named = (figures?.(report) ?? []).flatMap(([name, value]) =>
      value === null || value === undefined ? [] : name,
    );
    expect(new Set(found)).toEqual(new Set(named));
  },
);

test('below the headline stands the gain between its two scores, and then that on fresh seeds', () => {
  const confirmed = {
    confirmation: 1,
    experiment: report.headline.result?.experiment ?? 0,
    isCurrent: true,
    split: 'validation' as const,
    decimals: 3,
    gain: 0.1,
    interval: [0.05, 0.15] as const,
    p: 0.01,
    isShown: true,
    claims: ['Gain 0.100.'],
  };
  const page = reportPage({ ...report, confirmed });
  const places = ['</h1>', 'on the runs it was selected on', 'On fresh seeds: gain'].map((text) => page.indexOf(text));
  expect(places[0]).toBeGreaterThan(0);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});
