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

it.each([screens[0], screens[3]])(
  'pause, resume, extend and confirm are asked for by clicks on $name',
  async ({ name, ...options }) => {
    const { root } = project('quick');
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
    gate.letThrough(baselineRuns + 1);
    await page.getByText('nothing begins until it is resumed').first().waitFor({ timeout: 30_000 });
    await keepPicture(page, `acts-paused-${name}`);
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
    await page
      .locator('#time-left')
      .getByText(/^About .* left, until /)
      .waitFor({ timeout: 30_000 });
    await keepPicture(page, `acts-resumed-${name}`);
    gate.open();
    const { exitCode, stderr } = await study.end;
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
    await page.locator('.pill.state-finished').waitFor({ timeout: 30_000 });
    await keepPicture(page, `acts-confirmed-${name}`);
    expect(await page.locator('#time-left').count()).toBe(0);
    expect(complaints).toEqual([]);
  },
);
