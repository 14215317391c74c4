/**
 * How long the dashboard takes on a long study, in a real browser: until what was asked for is on the screen, and until a filter is.
 * With `--beside PYTHON`, whose Python has optuna-dashboard, the same trials are opened there too, page by page in turn.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { z } from 'zod';
import { packagePath } from '../src/adapters/package-root.ts';
import { serveDash } from '../src/cli/dash/serve.ts';
import { launchBrowser } from '../tests/helpers/chromium.ts';
import { countFlag, defineBench } from './bench.ts';
import { type Beside, serveBeside } from './dash/beside.ts';
import { timeFilter, timePaint } from './dash/time-page.ts';
import { writeJournal } from './journal/generate-journal.ts';
import { type BenchReport, round, type Spread, spreadOf, spreadText } from './report.ts';

/** `npm run bench -- dash`. */
export const bench = defineBench('dash', {
  summary:
    'milliseconds until pages of a long study are on the screen, and a filter of its table (after `npm run build`)',
  flags: { experiments: countFlag(10_000), rounds: countFlag(7), beside: z.string().optional() },
  measure,
});

interface Flags {
  readonly experiments: number;
  readonly rounds: number;
  readonly beside?: string | undefined;
}

/** A page, where it is, and what is on it once it is of use. */
interface PageTimed {
  readonly name: string;
  readonly address: string;
  readonly useful: string;
}

async function measure({ experiments, rounds, beside }: Flags): Promise<BenchReport> {
  const folder = mkdtempSync(join(tmpdir(), 'nocturne-bench-'));
  mkdirSync(join(folder, 'runs', 'bench'), { recursive: true });
  writeJournal(join(folder, 'runs', 'bench', 'journal.jsonl'), experiments);
  const runs = join(folder, 'runs');
  const dash = await serveDash({ runs, first: 'bench', host: '127.0.0.1', port: 0, isTokenNeeded: false });
  const other = beside === undefined ? undefined : await serveBeside(beside, runs, folder);
  const browser = await launchBrowser();
  try {
    const pages = [...ownPages(dash.url, experiments), ...(other ? otherPages(other) : [])];
    const times = new Map<string, number[]>(pages.map(({ name }) => [name, []]));
    // The first round is for what both sides read once.
    for (let count = 0; count <= rounds; count += 1)
      for (const page of pages) {
        const time = await timePaint(browser, page.address, page.useful);
        if (count > 0) times.get(page.name)?.push(time);
      }
    const filters = await timeFilters(browser, dash.url, rounds);
    return reportOf(times, filters);
  } finally {
    await browser.close();
    await dash.close();
    await other?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function ownPages(url: string, experiments: number): PageTimed[] {
  return [
    { name: 'now', address: `${url}?view=now`, useful: '#progress svg' },
    { name: 'experiments', address: `${url}?view=experiments`, useful: `#a${experiments} td:nth-child(3)` },
    { name: 'knobs', address: `${url}?view=knobs`, useful: '#parallel svg' },
  ];
}

function otherPages({ url }: Beside): PageTimed[] {
  return [
    { name: 'optuna-dashboard, history', address: `${url}dashboard/studies/1`, useful: '.js-plotly-plot .main-svg' },
    { name: 'optuna-dashboard, trials', address: `${url}dashboard/studies/1/trials`, useful: '.MuiChip-root' },
  ];
}

/** Words of different kinds, each typed into an empty filter. */
const filters = ['status:kept', 'LEARNING_RATE>2.9', 'momentum', 'gain>0 MOMENTUM<0.2'];

async function timeFilters(browser: Browser, url: string, rounds: number): Promise<number[]> {
  const times: number[] = [];
  for (let count = 0; count < rounds; count += 1)
    for (const text of filters) times.push(await timeFilter(browser, `${url}?view=experiments`, text));
  return times;
}

function reportOf(times: ReadonlyMap<string, readonly number[]>, filterTimes: readonly number[]): BenchReport {
  const paint: Record<string, Spread> = Object.fromEntries([...times].map(([name, all]) => [name, spreadOf(all, 0)]));
  const filter = spreadOf(filterTimes, 0);
  const ratio = (own: string, others: string) =>
    paint[own] && paint[others] ? round(paint[own].median / paint[others].median, 2) : null;
  const ratios = {
    now: ratio('now', 'optuna-dashboard, history'),
    experiments: ratio('experiments', 'optuna-dashboard, trials'),
  };
  const scriptKb = round(gzipSync(readFileSync(packagePath('dist', 'web', 'browser', 'dash.js'))).length / 1000, 1);
  const rows = Object.entries(paint).map(([name, spread]) => `${name.padEnd(28)}${spreadText(spread)} ms`);
  const table = [
    ...rows,
    `${'a filter'.padEnd(28)}${spreadText(filter)} ms`,
    `${'script'.padEnd(28)}${scriptKb} kB gzip`,
    `ratios: ${JSON.stringify(ratios)}`,
  ];
  return { figures: { paint, filter, ratios, scriptKb }, table };
}
