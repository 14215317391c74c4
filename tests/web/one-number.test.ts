import { describe, expect, it } from 'vitest';
import { logLines } from '../../src/cli/render/log-lines.ts';
import { lineOf } from '../../src/cli/render/plain.ts';
import { statusText } from '../../src/cli/render/status-text.ts';
import type { Entry, EntryBody } from '../../src/core/journal/entry.ts';
import { experimentRows } from '../../src/core/journal/experiment-row.ts';
import { createFold, foldWhole } from '../../src/core/journal/fold.ts';
import { experimentOf, type History, valuesOf } from '../../src/core/journal/history.ts';
import { keepMessage } from '../../src/core/proposal/commit-message.ts';
import { mean } from '../../src/core/statistics/moments.ts';
import { reportOf } from '../../src/core/views/report/report.ts';
import { resultsTsv } from '../../src/core/views/results-tsv.ts';
import { statusOfStudy } from '../../src/core/views/status.ts';
import { turnKnobs } from '../../src/testing/index.ts';
import { reportPage } from '../../src/web/html/page.ts';
import { reportMarkdown } from '../../src/web/markdown/report-markdown.ts';
import { beginStudy } from '../core/judge/policies/study.ts';
import { fakeHash } from '../helpers/journal.ts';
import { disagreements, printedNumbers, type StudyPages, staircaseOf, truthsOf } from '../helpers/printed-numbers.ts';

const attachments = { patchOf: () => undefined, curveOf: () => undefined };

/** A night of gains, nothings and losses, and at its end a keep against what was measured, as of a lucky incumbent. */
function night() {
  const study = beginStudy({ seed: 'one number 2' });
  for (let count = 1; count <= 60; count++) study.experiment(count % 6 === 0 ? -0.08 : count % 2 === 1 ? 0 : 0.15);
  return [...study.entries, ...keptByEstimate(study.history(), againstTheMeasured)];
}

const againstTheMeasured = {
  rise: 0.0134,
  probability: 0.51,
  reason: 'measured worse by 0.0134 ± 0.0336, yet estimated better by 0.0051, real with 51 % probability',
};

/** A keep that the estimate decided: its score lies `rise` above the incumbent's. */
function keptByEstimate(history: History, { rise, probability, reason }: typeof againstTheMeasured): Entry[] {
  const experiment = history.experiments.length;
  const parent = history.incumbent;
  const incumbentMean = mean(valuesOf(experimentOf(history, parent)));
  const value = incumbentMean + rise;
  const measurement = { value, resolution: 1e-9, vouched: 'scored' as const, metrics: {} };
  const statistics = {
    mean: value,
    incumbentMean,
    gain: 0.0051,
    error: 0.0336,
    estimate: { incumbent: incumbentMean + 0.02, candidate: incumbentMean + 0.0149 },
    probability,
    runs: 1,
  };
  const kept = fakeHash('keep', experiment);
  const bodies: EntryBody[] = [
    { event: 'proposal-made', experiment, attempt: 0, parent, researcher: 'random', proposal: turnKnobs({ LR: 999 }) },
    { event: 'candidate-committed', experiment, commit: fakeHash('commit', experiment), tree: '1', content: '999' },
    { event: 'run-started', experiment, run: 1, seed: 1 },
    { event: 'run-ended', experiment, run: 1, result: { ...finished, measurement } },
    { event: 'verdict-given', experiment, verdict: { decision: 'keep', reason, statistics }, kept },
  ];
  return bodies.map((body, index) => ({ ...body, seq: history.lastSeq + index + 1, at: history.lastAt }));
}

const finished = { outcome: 'finished' as const, reason: '', evidence: '', seconds: 1, cpuSeconds: 1 };

type Entries = readonly Entry[];

function pagesOf(entries: Entries): StudyPages {
  const whole = foldWhole(entries);
  if (!whole) throw new Error('the study has begun');
  const { history } = whole;
  const report = reportOf(whole, { attachments, isLive: false });
  const status = statusOfStudy(whole, history.lastAt, false);
  const rows = experimentRows(history);
  return {
    gitLog: gitLogOf(entries),
    live: liveOf(entries),
    log: logLines(history, rows),
    logJson: rows.map((row) => JSON.stringify(row)).join('\n'),
    status: statusText(status),
    statusJson: JSON.stringify(status),
    markdown: reportMarkdown(report),
    html: reportPage(report),
    resultsTsv: resultsTsv(history),
  };
}

/** The messages of the keeps, each as it is written: before the verdict is journalled. */
function gitLogOf(entries: Entries): string {
  return entries
    .flatMap((entry, index) => {
      if (entry.event !== 'verdict-given' || entry.verdict.decision !== 'keep' || entry.experiment === 0) return [];
      const history = foldWhole(entries.slice(0, index))?.history;
      if (!history) return [];
      const message = keepMessage(history, experimentOf(history, entry.experiment), entry.verdict);
      return `commit ${entry.experiment}\n\n${message.replace(/^/gm, '    ')}`;
    })
    .reverse()
    .join('\n');
}

function liveOf(entries: Entries): string {
  const fold = createFold();
  return entries
    .flatMap((entry) => {
      fold.add(entry);
      return lineOf(entry, fold.history()) ?? [];
    })
    .join('\n');
}

describe('of a study with noise', () => {
  const entries = night();
  const pages = pagesOf(entries);

  it('every page prints the same numbers of each experiment, which are the ones that were measured', () => {
    expect(disagreements(pages, truthsOf(entries))).toEqual([]);
  });

  it('each page is read, and both gains and losses that were kept are among what it prints', () => {
    const all = printedNumbers(pages);
    const places = new Map<string, number>();
    for (const { where } of all) places.set(where, (places.get(where) ?? 0) + 1);
    expect([...places.keys()].map((where) => where.split(',')[0])).toEqual(
      expect.arrayContaining(['git log', 'log', 'log --json', 'status', 'status --json', 'results.tsv', 'run']),
    );
    expect(places.get('report.md, attempts')).toBeGreaterThan(100);
    expect(places.get('report.html, attempts')).toBeGreaterThan(100);
    const kept = all.filter(({ where, quantity }) => where === 'git log' && quantity === 'gain');
    expect(kept.filter(({ text }) => Number(text) > 0).length).toBeGreaterThan(5);
    expect(kept.filter(({ text }) => Number(text) < 0).length).toBeGreaterThan(0);
  });

  it('a keep that measured worse says why it was kept, wherever its loss is printed', () => {
    const worse = printedNumbers(pages).filter(
      ({ where, quantity, text }) => where === 'git log' && quantity === 'gain' && Number(text) < 0,
    );
    for (const { experiment } of worse) {
      const line = (text: string, start: RegExp) => text.split('\n').find((each) => start.test(each)) ?? '';
      expect(line(pages.log, new RegExp(`^ *${experiment} `))).toMatch(/\[estimated \+0\.\d+\]/);
      const card = pages.markdown.split(`### ${experiment}. `)[1] ?? '';
      expect(card.split('\n')[2]).toMatch(
        /worse by 0\.\d+ ± .*Kept, because: measured worse by .* estimated better by/,
      );
      expect(pages.html.split(`id="e${experiment}"`)[1]).toMatch(/^.*\n.*\n.*Kept, because: measured worse by/);
    }
  });

  it('the staircase never rises, and ends at the best that the headline claims', () => {
    const heights = staircaseOf(pages.html);
    expect(heights.length).toBeGreaterThan(3);
    expect(heights).toEqual([...heights].sort((a, b) => a - b));
    const figure = (name: string) =>
      new RegExp(`data-figure="${name}" (?:data-)?value="([^"]*)"`).exec(pages.html)?.[1];
    expect(figure('progress.best')).toBe(figure('best'));
  });

  it('the error is said to be half a 95 % interval once a page, wherever one is printed', () => {
    const saying = /± is half a 95 % interval/g;
    for (const page of [pages.markdown, pages.html]) expect(page.match(saying)).toHaveLength(1);
    for (const commit of pages.gitLog.split(/^commit /m).slice(1))
      expect(commit).toMatch(/± [\d.]+ \(half a 95 % interval\)/);
    for (const page of [pages.log, pages.status]) expect(page.includes('±')).toBe(saying.test(page));
  });
});

it('a keep whose probability its measured gain does not explain has the estimate beside it, which each page explains once', () => {
  const study = beginStudy({ seed: 'one number 2' });
  for (let count = 1; count <= 30; count++) study.experiment(count % 6 === 0 ? -0.08 : 0.15);
  const reason = 'better by 0.0040 ± 0.0336, estimated better by 0.0051, real with 97 % probability';
  const history = study.history();
  const entries = [...study.entries, ...keptByEstimate(history, { rise: -0.004, probability: 0.97, reason })];
  const pages = pagesOf(entries);
  const experiment = history.experiments.length;
  expect(disagreements(pages, truthsOf(entries))).toEqual([]);
  expect(pages.log).toMatch(
    new RegExp(`^ *${experiment}  kept .*\\+0\\.00\\d+ +\\d\\d:\\d\\d +\\[estimated \\+0\\.0\\d+\\]`, 'm'),
  );
  const card = pages.markdown.split(`### ${experiment}. `)[1]?.split('\n')[2];
  expect(card).toMatch(/better by 0\.\d+ ± 0\.0\d+, estimated better by 0\.00\d+, real with 97 % probability/);
  const facts = pages.html.split(`id="e${experiment}"`)[1]?.replace(/<[^>]*>/g, '');
  expect(facts).toMatch(/estimated better by 0\.00\d+, real with 97 % probability/);
  for (const page of [pages.log, pages.markdown, pages.html])
    expect(page.split('Estimated is what all runs so far make likely')).toHaveLength(2);
});

it('a lucky incumbent that runs again changes every page alike, and the report says what its commit says', () => {
  const entries = [...night()];
  const { history } = foldWhole(entries) ?? {};
  const best = history?.incumbent ?? 0;
  const value = 0.01 + (history ? mean(valuesOf(experimentOf(history, best))) : 0);
  const { seq = 0, at = '' } = entries.at(-1) ?? {};
  const measurement = { value, resolution: 1e-9, vouched: 'scored' as const, metrics: {} };
  entries.push(
    { event: 'drift-suspected', experiment: best, run: 9, reason: 'quiet', seq: seq + 1, at },
    { event: 'run-started', experiment: best, run: 9, seed: 9, seq: seq + 2, at },
    { event: 'run-ended', experiment: best, run: 9, result: { ...finished, measurement }, seq: seq + 3, at },
  );
  const pages = pagesOf(entries);
  const atVerdict = disagreements(pages, truthsOf(entries)).filter((each) => !/^(?:git log|run)\b/.test(each));
  expect(atVerdict).toEqual([]);
  const card = pages.markdown.split(`### ${best}. `)[1] ?? '';
  expect(card.split('\n')[2]).toMatch(/When it was kept: \d\.\d+ to \d\.\d+ \(\d runs?\), .*\.$/);
});
