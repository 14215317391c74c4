/** Every page of the dashboard on a finished study with hostile texts, on four screens. */
import { dirname } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { serveDash } from '../../src/cli/dash/serve.ts';
import { keepPicture, openPage, overflowOf, screens } from '../helpers/browser.ts';
import { launchBrowser } from '../helpers/chromium.ts';
import { livedInAttachments, livedInJournal } from '../helpers/lived-in-study.ts';
import { createJournal } from '../helpers/study-history.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';
import { until } from '../helpers/until.ts';
import { writeStudy } from '../helpers/written-study.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

const log = Array.from({ length: 60 }, (_, step) => `step=${step} loss=${3 - step / 40} progress=${step / 60}`).join(
  '\n',
);

/** The study, beside another that kept something else; gives the address of its dashboard. */
async function openDash(): Promise<string> {
  const project = temporaryFolder();
  const patch = livedInAttachments.patchOf(1) ?? '';
  const logs = [0, 1, 4, 7].map((experiment) => [`000${experiment}/run-1/train.log`, log]);
  const folder = writeStudy(project, 'nov23', livedInJournal().entries, {
    ...Object.fromEntries(logs),
    '0007/patch.diff': patch,
  });
  const other = createJournal();
  other.begin();
  other.attempt({ title: 'A learning rate of 0.2', value: 2.8, isKept: true });
  writeStudy(project, 'nov24', other.entries);
  return serveStudies(dirname(folder));
}

async function serveStudies(runs: string): Promise<string> {
  const serving = await serveDash({
    runs,
    first: 'nov23',
    host: '127.0.0.1',
    port: 0,
    isTokenNeeded: false,
  });
  onTestFinished(serving.close);
  return serving.url;
}

const pages = {
  now: '?view=now',
  experiments: '?view=experiments',
  experiment: '?view=experiment&n=7',
  knobs: '?view=knobs',
  report: '?view=report',
  studies: '?view=studies&with=nov23&with=nov24',
};

describe.each(screens)('the dashboard on $name', ({ name, ...options }) => {
  it('asks for nothing but itself, complains of nothing, fits the screen, and axe finds nothing serious', async () => {
    const address = await openDash();
    const { page, requests, complaints } = await openPage(browser, `${address}?state=1`, options);
    const found: string[] = [];
    for (const [view, query] of Object.entries(pages)) {
      await page.goto(address + query);
      await page.getByText('live', { exact: true }).waitFor();
      found.push(...[...(await overflowOf(page)), ...(await troublesOf(page))].map((text) => `${view}: ${text}`));
      await keepPicture(page, `dash-${view}-${name}`);
    }
    expect(found).toEqual([]);
    expect(requests.filter((request) => !request.startsWith(address))).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

it('the number of the best experiment is known for a link without its colour', async () => {
  const journal = createJournal();
  journal.begin();
  for (let index = 0; index < 10; index++) journal.attempt({ title: `Idea ${index}`, value: 3.1 });
  journal.attempt({ title: 'A learning rate of 0.2', value: 2.8, isKept: true });
  const folder = writeStudy(temporaryFolder(), 'nov23', journal.entries);
  const address = await serveStudies(dirname(folder));
  const { page } = await openPage(browser, `${address}?view=now`, screens[2]);
  expect(await troublesOf(page)).toEqual([]);
});

/** What axe finds that is serious or critical, each with the first place. */
async function troublesOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(`axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes.length + ' such as ' + nodes[0].html.slice(0, 160) + ' ' + nodes[0].failureSummary))`);
}

describe('with the hands on the keyboard', () => {
  it('pages, rows and the filter are reached, and the address says what is shown', async () => {
    const address = await openDash();
    const { page } = await openPage(browser, address.replace(/$/, '?view=now'), screens[0]);
    await page.keyboard.press('2');
    await page.getByRole('heading', { name: 'Experiments', exact: true }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('status:kept val_bpb<2.8');
    await page.getByText('2 experiments of 24').waitFor();
    expect(page.url()).toContain('q=status%3Akept+val_bpb%3C2.8');
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '7. Squared ReLU' }).waitFor();
    await page.keyboard.press('[');
    await page.getByRole('heading', { name: /^6\. / }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: '7. Squared ReLU' }).waitFor();
    await page.keyboard.press('1');
    await page.getByRole('heading', { name: 'Running now' }).waitFor();
    await page.keyboard.press('n');
    expect(await page.evaluate('document.activeElement.id')).toBe('note-text');
  });

  it('what is typed, unfolded and chosen stays while the page is brought up to date', async () => {
    const address = await openDash();
    const { page } = await openPage(browser, `${address}?view=now`, screens[0]);
    await page.keyboard.press('n');
    await page.keyboard.type('Try a smaller');
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await page.waitForResponse((response) => response.url().includes('view=now') && !response.url().includes('state'));
    await page.keyboard.type(' rate');
    expect(await page.locator('#note-text').inputValue()).toBe('Try a smaller rate');
    await page.getByRole('button', { name: 'Leave the note' }).click();
    await page.getByText('Left a note for study nov23; it is read when the study goes on.').waitFor();
  });

  it('a note that is being written is still there when the page has loaded itself anew for another server', async () => {
    const address = await openDash();
    const { page } = await openPage(browser, `${address}?view=now`, screens[0]);
    await page.keyboard.press('n');
    await page.keyboard.type('Try a smaller rate');
    const loaded = page.waitForEvent('load');
    await page.evaluate("document.body.dataset.server = 'the one before'");
    await loaded;
    expect(await page.locator('#note-text').inputValue()).toBe('Try a smaller rate');
    expect(await page.locator('#note-text').isVisible()).toBe(true);
    await page.reload();
    expect(await page.locator('#act-note[open]').count()).toBe(0);
  });

  it('a page that is asked for while the one before is brought up to date is shown', async () => {
    const address = await openDash();
    const { page } = await openPage(browser, `${address}?view=studies`, screens[0]);
    await page.getByText('live', { exact: true }).waitFor();
    const answers: (() => Promise<void>)[] = [];
    await page.route('**/*view=experiments*', (route) => void answers.push(() => route.continue()));
    await page.keyboard.press('2');
    await until(() => answers.length > 0);
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await Promise.all(answers.splice(0).map((answer) => answer()));
    await until(() => answers.length > 0);
    await Promise.all(answers.splice(0).map((answer) => answer()));
    await page.getByRole('heading', { name: 'Experiments', exact: true }).waitFor();
    expect(page.url()).toContain('view=experiments');
  });

  it('a link leads to a page whose fields say what is shown', async () => {
    const address = await openDash();
    const { page } = await openPage(browser, `${address}?view=experiments`, screens[0]);
    const tab = (name: string) => page.locator('nav a', { hasText: name });
    await page.keyboard.press('/');
    await page.keyboard.type('status:kept');
    await page.getByText('3 experiments of 24', { exact: true }).waitFor();
    await page.locator('select[name="status"]').selectOption('failed');
    await page.getByText('0 experiments of 24', { exact: true }).waitFor();
    await tab('Experiments').click();
    await page.getByText('24 experiments of 24', { exact: true }).waitFor();
    expect(await page.locator('input[name="q"]').inputValue()).toBe('');
    expect(await page.locator('select[name="status"]').inputValue()).toBe('');

    await tab('Studies').click();
    for (const tag of ['nov23', 'nov24']) await page.getByLabel(`compare ${tag}`).check();
    await page.getByRole('heading', { name: 'Best so far' }).waitFor();
    await tab('Studies').click();
    await page.getByRole('heading', { name: 'Best so far' }).waitFor({ state: 'detached' });
    expect(await page.locator('input[name="with"]:checked').count()).toBe(0);
  });

  it('what was asked for is not asked for again before its answer, also while the page is brought up to date', async () => {
    const address = await openDash();
    const { page } = await openPage(browser, `${address}?view=now`, screens[0]);
    const answers: (() => Promise<void>)[] = [];
    await page.route('**/*act=*', (route) => void answers.push(() => route.continue()));
    await page.locator('summary', { hasText: 'Give it more' }).click();
    const button = page.locator('#act-extend button');
    await button.click();
    await until(() => answers.length > 0);
    const shown = page.evaluate(
      "new Promise((resolve) => document.addEventListener('shown', () => resolve(), { once: true }))",
    );
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await shown;
    expect(await button.isDisabled()).toBe(true);
    await Promise.all(answers.map((answer) => answer()));
    await page.getByText(/^Study nov23 may use 410 experiments/).waitFor();
    expect(await button.isDisabled()).toBe(false);
  });
});
