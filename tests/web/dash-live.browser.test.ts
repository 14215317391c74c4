/** The dashboard beside a study that runs: the tiny sandbox on two slots, with a served model that proposes. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EntryOf } from '../../src/core/journal/entry.ts';
import { keepPicture, openPage, screens } from '../helpers/browser.ts';
import { launchBrowser } from '../helpers/chromium.ts';
import { editLine, handIn, runArguments, tinyProject, turn } from '../helpers/model-study.ts';
import { entriesOf, journalOf, nocturne, startNocturne } from '../helpers/nocturne.ts';
import { serve } from '../helpers/served-quick.ts';
import { until } from '../helpers/until.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

const keys = { OPENAI_API_KEY: 'sk-test-0123456789abcdef' };
const note = 'Try <b>less</b> & smaller steps';

/** A clear win at first, then ideas that no other number makes. */
function idea(number: number) {
  if (number === 0) return turn(editLine('MOMENTUM = 0.0 ', 'MOMENTUM = 0.9 '), handIn('Turn momentum on'));
  return turn(editLine('LEARNING_RATE = ', `LEARNING_RATE = ${1 + number / 100} * `), handIn(`Idea ${number}`));
}

async function startDash(root: string, port: string) {
  const dash = startNocturne(root, ['dash', '--port', port, '--json']);
  const line = await new Promise<string>((resolve) => dash.onLine(resolve));
  return { ...dash, url: JSON.parse(line).url as string };
}

const visible = (page: Page, text: string) => page.getByText(text).first().waitFor({ timeout: 60_000 });

it('follows a running study, hands on a note and a stop, survives its own restart, and has the numbers of the commands', {
  timeout: 300_000,
}, async () => {
  const server = await serve((_, index) => idea(index));
  const repo = await tinyProject('researcher: llm', 'model: openai:gpt-6-sol', `base_url: ${server.openAIUrl}`);
  const study = startNocturne(repo.root, [...runArguments('live', 500), '--slots', '2'], keys);
  await until(() => journalText(repo.root).includes('"run-started"'));
  const first = await startDash(repo.root, '0');
  const { port } = new URL(first.url);
  const { page, requests, complaints } = await openPage(browser, `${first.url}?state=1`, screens[0]);
  const blocked = await openPage(browser, `${first.url}?state=1`, screens[2]);
  await blocked.page.context().route('**/*events=1*', (route) => route.abort());

  // Two slots, seen without a reload.
  await page.goto(`${first.url}?view=now`);
  await blocked.page.goto(`${first.url}?view=now`);
  await page.locator('#running .run').nth(1).waitFor({ timeout: 60_000 });
  await visible(page, 'slot 1: ');
  await page.locator('.run pre.tail').first().waitFor({ timeout: 60_000 });
  await keepPicture(page, 'live-now-desktop-light');

  // A note reaches the next proposal, and both pages, one of which is told nothing and asks.
  await page.keyboard.press('n');
  await page.keyboard.type(note);
  await page.getByRole('button', { name: 'Leave the note' }).click();
  await page.getByText('Left a note for study live; it is read at once.').waitFor();
  await until(() => server.requests.some(({ body }) => JSON.stringify(body).includes('smaller steps')));
  await page.locator('#notes').getByText(note).waitFor();
  await blocked.page.getByText('asking every 3 s').waitFor();
  await blocked.page.locator('#notes').getByText(note).waitFor();
  await keepPicture(blocked.page, 'live-now-phone-light');

  // Another process at the same address.
  first.kill('SIGINT');
  await first.end;
  await page.getByText('not connected').waitFor({ timeout: 20_000 });
  const second = await startDash(repo.root, port);
  await page.locator('#line').getByText('live').waitFor({ timeout: 20_000 });

  // Every page while it runs.
  for (const [key, heading] of [
    ['2', 'Experiments'],
    ['3', 'Knobs'],
    ['5', 'Studies'],
    ['1', 'Running now'],
  ] as const) {
    await page.keyboard.press(key);
    await page.getByRole('heading', { name: heading, exact: true }).waitFor();
  }

  await until(() => entriesOf(journalOf(repo.root, 'live'), 'verdict-given').some(isKeep));
  await page.getByText('Stop the study').click();
  await page.getByLabel('end the runs in flight too').check();
  await page.getByRole('button', { name: 'Stop it' }).click();
  await page.getByText(/^Asked process \d+ to end study live now\.$/).waitFor();
  const { exitCode, stderr } = await study.end;
  expect(exitCode, stderr).toBe(0);
  await page.locator('.pill.state-unfinished').waitFor();

  await expectSameNumbers(page, repo.root);
  expect(entriesOf(journalOf(repo.root, 'live'), 'note-read').map(({ text }) => text)).toEqual([note]);
  expect(await nocturne(repo.root, ['check'])).toMatchObject({ exitCode: 0 });
  expect(requests.filter((request) => !request.startsWith(second.url))).toEqual([]);
  // What a browser writes while the server is away is no complaint of the page.
  expect(
    complaints.filter((complaint) => !complaint.includes('ERR_CONNECTION_REFUSED') && !complaint.includes('net::ERR')),
  ).toEqual([]);
});

function isKeep({ experiment, verdict }: EntryOf<'verdict-given'>): boolean {
  return experiment > 0 && verdict.decision === 'keep';
}

function journalText(root: string): string {
  try {
    return JSON.stringify(journalOf(root, 'live'));
  } catch {
    return '';
  }
}

/** What the page says of the study at rest is what `status --json`, `log --json` and `report --json` print. */
async function expectSameNumbers(page: Page, root: string): Promise<void> {
  const json = async (...args: readonly string[]) =>
    (await nocturne(root, [...args, '--json'])).stdout.split('\n').map((line) => JSON.parse(line));
  const [status] = await json('status');
  const figures: Record<string, string> = await page.evaluate(
    "Object.fromEntries([...document.querySelectorAll('data[data-figure]')].map((part) => [part.dataset.figure, part.value]))",
  );
  const told = {
    baseline: status.baseline.mean,
    best: status.best.mean,
    'best.experiment': status.best.experiment,
    experiments: status.experiments,
    kept: status.kept,
    reverted: status.reverted,
    failed: status.failed,
    'live.seconds': status.spent.hours * 3600,
    usd: status.spent.usd,
  };
  for (const [name, value] of Object.entries(told)) expect(Number(figures[name]), name).toBeCloseTo(value, 9);
  await page.goto(`${page.url().split('?')[0]}?view=experiments&column=metric&column=gain&column=seconds`);
  const rows: [number, string[]][] = await page.evaluate(
    "[...document.querySelectorAll('tbody tr')].map((row) => [Number(row.id.slice(1)), [...row.cells].slice(1).map((cell) => cell.querySelector('data')?.value ?? '')])",
  );
  const log = await json('log');
  const expected = log.map(({ experiment, metric, gain, seconds }) => [
    experiment,
    [metric, gain, seconds].map((value) => (value === null ? '' : String(value))),
  ]);
  expect(rows.sort(([a], [b]) => a - b)).toEqual(expected);
}
