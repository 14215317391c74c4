/** What the owner asks for on the page: pause, resume, more of a stop rule, a confirmation, each clicked in a real browser. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepPicture, openPage, screens } from '../helpers/browser.ts';
import { launchBrowser } from '../helpers/chromium.ts';
import { createGate } from '../helpers/gate.ts';
import { entriesOf, journalOf, nocturne, project, startNocturne } from '../helpers/nocturne.ts';
import { until } from '../helpers/until.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

const baselineRuns = 3;
const tag = 'night';

async function startDash(root: string): Promise<string> {
  const dash = startNocturne(root, ['dash', '--port', '0', '--json']);
  const line = await new Promise<string>((resolve) => dash.onLine(resolve));
  return JSON.parse(line).url as string;
}

/** Unfolds a form by its name, fills it in, sends it, and waits for the answer. */
async function ask(
  page: Page,
  name: string,
  button: string,
  answer: string | RegExp,
  fields: Readonly<Record<string, string>> = {},
) {
  await page.locator('summary', { hasText: name }).click();
  for (const [field, value] of Object.entries(fields)) await page.locator(`[name="${field}"]:visible`).fill(value);
  await page.getByRole('button', { name: button }).click();
  await page.locator('#said').getByText(answer).waitFor({ timeout: 30_000 });
}

/** The word for how the study stands, the same on the page, in its title, in the table of studies and in both JSONs. */
async function expectState(page: Page, root: string, state: string): Promise<void> {
  await page.locator(`.bar .pill.state-${state}`).getByText(state, { exact: true }).waitFor({ timeout: 30_000 });
  expect(await page.title()).toMatch(new RegExp(`^${tag} ${state}: `));
  const said = async (...args: string[]) => (await nocturne(root, args)).stdout;
  const all = [said('status', '--json'), said('studies', '--json'), said('status'), said('studies')];
  const [status = '', studies = '', ...texts] = await Promise.all(all);
  expect([JSON.parse(status).state, JSON.parse(studies).state]).toEqual([state, state]);
  expect(texts[0]).toMatch(new RegExp(`^${tag}: ${state}$`, 'm'));
  expect(texts[1]).toMatch(new RegExp(`^${tag} +${state} `, 'm'));
}

it.each([screens[0], screens[3]])(
  'pause, resume, extend and confirm are asked for by clicks on $name',
  async ({ name, ...options }) => {
    const { root } = project('quick');
    // Runs are held while the pages are looked at.
    const gate = createGate(baselineRuns);
    const study = startNocturne(root, ['run', '--tag', tag, '--max-experiments', '3'], gate.variables);
    await gate.untilBegun(baselineRuns + 1);
    const { page, complaints } = await openPage(browser, `${await startDash(root)}?view=now&state=1`, options);
    await page.goto(page.url().replace('&state=1', ''));
    await page.getByText('experiment 1', { exact: true }).first().waitFor();
    await page.locator('#time-left').getByText('When it ends is not known yet.').waitFor();

    // The run in flight ends, and nothing begins.
    await ask(page, 'Pause the study', 'Pause it', `Study ${tag} is paused; runs in flight still end.`);
    await page.getByText('Resume the study').waitFor();
    await expectState(page, root, 'paused');
    gate.letThrough(baselineRuns + 1);
    await page.getByText('nothing begins until it is resumed').first().waitFor({ timeout: 30_000 });
    await keepPicture(page, `acts-paused-${name}`);
    await page.locator('nav a', { hasText: 'Studies' }).click();
    await page.locator(`#study-${tag} .pill.state-paused`).getByText('paused', { exact: true }).waitFor();
    await keepPicture(page, `acts-paused-studies-${name}`);
    await page.locator('nav a', { hasText: 'Now' }).click();
    await page.getByText('Running now').waitFor();
    expect(await page.locator('#running .run').count()).toBe(0);
    const { stdout } = await nocturne(root, ['status', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      experiments: 1,
      pausedSince: expect.any(String),
      timeLeft: { endsAt: null },
    });

    await ask(page, 'Give it more', 'Give it more', /may use .*5 experiments/, { by: '2' });
    await ask(page, 'Resume the study', 'Resume it', `Study ${tag} goes on.`);
    await page.getByText('Pause the study').waitFor();
    await expectState(page, root, 'running');
    await page
      .locator('#time-left')
      .getByText(/^About .* left, until /)
      .waitFor({ timeout: 30_000 });
    await keepPicture(page, `acts-resumed-${name}`);

    // The run in flight goes on to its end, and the study ends with it.
    await gate.untilBegun(baselineRuns + 2);
    await ask(page, 'Stop the study', 'Stop it', /^Asked process \d+ to end study night after this experiment\.$/);
    await expectState(page, root, 'stopping');
    await keepPicture(page, `acts-stopping-${name}`);
    gate.letThrough(baselineRuns + 2);
    expect((await study.end).exitCode).toBe(0);
    await expectState(page, root, 'unfinished');
    const again = startNocturne(root, ['run', '--tag', tag, '--max-experiments', '3'], gate.variables);
    gate.open();
    const { exitCode, stderr } = await again.end;
    expect(exitCode, stderr).toBe(0);
    const journal = journalOf(root, tag);
    expect(entriesOf(journal, 'verdict-given')).toHaveLength(6);
    expect([...entriesOf(journal, 'study-paused'), ...entriesOf(journal, 'pause-ended')]).toHaveLength(2);

    await ask(
      page,
      'Confirm the gain',
      'Confirm it',
      `The confirmation of study ${tag} has begun, with 2 fresh seeds for each.`,
      { runs: '2' },
    );
    await until(() => entriesOf(journalOf(root, tag), 'gain-confirmed').length === 1);
    await page
      .getByText(/confirmed/i)
      .first()
      .waitFor({ timeout: 30_000 });
    await expectState(page, root, 'finished');
    await keepPicture(page, `acts-confirmed-${name}`);
    expect(await page.locator('#time-left').count()).toBe(0);
    expect(complaints).toEqual([]);
  },
  300_000,
);
