import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeReportFiles } from '../../src/cli/study-folder/report-files.ts';
import { findFigureDisagreements } from '../../src/core/views/report/check-figures.ts';
import { reportOf } from '../../src/core/views/report/report.ts';
import { figuresOf } from '../../src/web/figures.ts';
import { figureShower } from '../../src/web/html/figure-text.ts';
import { keepPicture, openPage, overflowOf, screens } from '../helpers/browser.ts';
import { launchBrowser } from '../helpers/chromium.ts';
import { livedInAttachments, livedInJournal } from '../helpers/lived-in-study.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

const whole = livedInJournal().whole();
const { history } = whole;
const report = reportOf(whole, { attachments: livedInAttachments, isLive: false });

/** The address of report.html in a folder of its own. */
async function writeReport(): Promise<string> {
  const { paths } = await writeReportFiles(temporaryFolder(), report);
  return pathToFileURL(paths.html).href;
}

describe.each(screens)('report.html opened from its file, $name', ({ name, ...options }) => {
  it('asks for nothing but itself, complains of nothing and fits the screen, folded and unfolded', async () => {
    const address = await writeReport();
    const { page, requests, complaints } = await openPage(browser, address, options);
    expect(await overflowOf(page)).toEqual([]);
    await page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })");
    expect(await overflowOf(page)).toEqual([]);
    await keepPicture(page, name);
    expect(requests).toEqual([address]);
    expect(complaints).toEqual([]);
  });
});

describe('the figures that a browser finds in report.html', () => {
  it('are the ones worked out from the journal again, each of them, and are shown as what they are', async () => {
    const { page } = await openPage(browser, await writeReport(), screens[0]);
    const found = await markedFigures(page);
    const report = reportOf(livedInJournal().whole(), { attachments: livedInAttachments, isLive: false });
    const figures = figuresOf(report);
    expect(findFigureDisagreements(figures, { seq: history.lastSeq, figures: found })).toEqual([]);
    expect(new Set(found.map(([figure]) => figure))).toEqual(new Set(figures.keys()));
    const shows = [report.decimals, report.confirmed?.decimals ?? 0].map((decimals) => figureShower(figures, decimals));
    for (const { name, html } of await shownFigures(page))
      expect([name, shows.flatMap((show) => forms.map((form) => show(name, form)?.markup))]).toEqual([
        name,
        expect.arrayContaining([html]),
      ]);
    expect(await page.locator('meta[name=nocturne-seq]').getAttribute('content')).toBe(String(history.lastSeq));
  });

  it('differ in colour between a light and a dark screen', async () => {
    const address = await writeReport();
    const paper = async (colorScheme: 'light' | 'dark') => {
      const { page } = await openPage(browser, address, { ...screens[0], colorScheme });
      return page.evaluate('getComputedStyle(document.body).backgroundColor');
    };
    expect([await paper('light'), await paper('dark')]).toEqual(['rgb(255, 255, 255)', 'rgb(20, 23, 28)']);
  });
});

/** Name and value of every mark in the parsed page, as `nocturne check` names them. */
function markedFigures(page: Page): Promise<(readonly [name: string, value: string])[]> {
  return page.evaluate(`[
    ...[...document.querySelectorAll('[data-figure]')].map((part) => [part.dataset.figure, part.getAttribute('value') ?? part.dataset.value]),
    ...[...document.querySelectorAll('[data-mean]:not([data-mean=""])')].map((part) => ['point.' + part.dataset.experiment, part.dataset.mean]),
  ]`);
}

/** What is read on the page as a figure, with its mark. */
function shownFigures(page: Page): Promise<{ readonly name: string; readonly html: string }[]> {
  return page.evaluate(
    "[...document.querySelectorAll('data')].map((part) => ({ name: part.dataset.figure, html: part.outerHTML }))",
  );
}

const forms = ['metric', 'signed', 'size', 'count', 'percent', 'probability', 'duration', 'usd'] as const;
