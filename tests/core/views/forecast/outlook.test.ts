import { describe, expect, test } from 'vitest';
import { statusText } from '../../../../src/cli/render/status-text.ts';
import { type Outlook, outlookCaveat, outlookOf, outlookParts } from '../../../../src/core/views/forecast/outlook.ts';
import { ruleCost, stopAdvice } from '../../../../src/core/views/forecast/stop-advice.ts';
import { reportOf } from '../../../../src/core/views/report/report.ts';
import { statusOfStudy } from '../../../../src/core/views/status.ts';
import calibration from '../../../../src/data/evidence/forecast-calibration.json' with { type: 'json' };
import fitted from '../../../../src/data/evidence/forecast-fit.json' with { type: 'json' };
import rules from '../../../../src/data/evidence/plateau-rule.json' with { type: 'json' };
import { reportPage } from '../../../../src/web/html/page.ts';
import { reportMarkdown } from '../../../../src/web/markdown/report-markdown.ts';
import { createJournal, type Journal, scored, session } from '../../../helpers/journal.ts';

const begun = (changes: Partial<typeof session> = {}) =>
  createJournal({ session: { ...session, ...changes } }).baseline(scored(2), scored(2.01));

/** A keep, and then so many misses. */
function withMisses(count: number, journal: Journal = begun()): Journal {
  journal.experiment(scored(1.9), 'keep');
  for (let number = 0; number < count; number++) journal.experiment(scored(2.1), 'revert');
  return journal;
}

const outlook = (journal: Journal) => outlookOf(journal.history()) as Outlook;
const attachments = { patchOf: () => undefined, curveOf: () => undefined };

test('there is none before the baseline has a score', () => {
  expect(outlookOf(createJournal().history())).toBeUndefined();
  expect(statusOfStudy(createJournal().whole(), '', false).outlook).toBeNull();
});

describe('stopping', () => {
  test.each([
    [0, 'go-on'],
    [19, 'go-on'],
    [20, 'plateau'],
    [39, 'plateau'],
    [40, 'stop'],
  ] as const)('after %i misses the advice is %s', (misses, advice) => {
    expect(stopAdvice(misses)).toBe(advice);
    expect(outlook(withMisses(misses))).toMatchObject({ misses, advice });
  });

  test('the last experiment is called kept only when it was', () => {
    expect(outlook(begun()).reason).toBe('Nothing speaks for stopping: no experiment has a verdict yet.');
    expect(outlook(withMisses(0)).reason).toBe('Nothing speaks for stopping: the last experiment was kept.');
  });

  test('a plateau says what a rule of 20 and one of 40 cost public studies, and of how many repositories', () => {
    const costAt = (misses: number) =>
      rules.rows.find((row) => row.arm === 'agent' && row.stop_after_so_many_misses === misses);
    const [early, late] = [costAt(20), costAt(40)];
    const { reason } = outlook(withMisses(22));
    expect(reason).toBe(
      `Plateau: 22 misses in a row. Try something of another kind, and go on to 40: a stop after 20 misses would have cost ${Math.round((early?.['studies_losing_over_5_%'] ?? 0) * 100)} % of ${early?.studies} public studies (${early?.repos} repositories, self-reported) more than 5 % of their gain, one after 40 ${Math.round((late?.['studies_losing_over_5_%'] ?? 0) * 100)} %.`,
    );
    expect(outlook(withMisses(41)).reason).toMatch(
      /^Stopping is right: 41 misses in a row, and a stop after 40 misses/,
    );
  });

  test('the cost of a rule that is in no row is that of the next shorter one', () => {
    expect(ruleCost(22).misses).toBe(20);
    expect(ruleCost(1000).misses).toBe(60);
  });
});

describe('the cost of twenty more', () => {
  const call = (journal: Journal, usd: number | undefined) =>
    journal.add({
      event: 'model-called',
      experiment: 1,
      model: 'm',
      seconds: 1,
      usage: { inputTokens: 100, outputTokens: 10 },
      ...(usd !== undefined && { usd }),
    } as never);

  test('is what the experiments so far took and cost, on average', () => {
    const journal = call(withMisses(3), 0.5);
    const { history } = journal.whole();
    expect(outlook(journal).cost?.usd).toBeCloseTo((0.5 * 20) / history.settled.length, 10);
    expect(outlook(journal).cost?.seconds).toBeGreaterThan(0);
  });

  test('is unknown where the price of a call is', () => {
    const { cost } = outlook(call(withMisses(3), undefined));
    expect(cost).toMatchObject({ usd: null, unknown: 'calls' });
    expect(outlookParts(outlook(call(withMisses(3), undefined)), 3)[1]?.[1]).toMatch(/and an unknown price of calls$/);
  });

  test('is unknown where machines are rented, whose price the journal does not have', () => {
    const { cost } = outlook(withMisses(3, begun({ engine: 'skypilot' })));
    expect(cost).toMatchObject({ usd: null, unknown: 'rent' });
  });

  test('is no money where nothing is called', () => {
    const { cost } = outlook(withMisses(3));
    expect(cost).toMatchObject({ usd: 0 });
    expect(outlookParts(outlook(withMisses(3)), 3)[1]?.[1]).not.toMatch(/USD|unknown/);
  });
});

test('status, report and page say the same, with what it is from', () => {
  const whole = withMisses(22).whole();
  const report = reportOf(whole, { attachments, isLive: false });
  const status = statusOfStudy(whole, whole.history.lastAt, false);
  expect(status.outlook).toEqual(report.outlook);
  const page = reportPage(report)
    .replace(/<[^>]*>/g, '')
    .replaceAll('&#39;', "'");
  for (const [, text] of outlookParts(status.outlook as Outlook, status.decimals)) {
    for (const place of [statusText(status), reportMarkdown(report), page]) expect(place).toContain(text);
  }
  for (const place of [statusText(status), reportMarkdown(report), page])
    expect(place).toContain(outlookCaveat(status.outlook as Outlook));
});

test('the caveat counts the repositories that the forecast is fitted to, and those in which it was checked', () => {
  const [fit] = fitted.rows;
  const checked = calibration.rows.find(({ what }) => what === 'twenty more');
  const caveat = outlookCaveat({ basis: 'public studies' });
  expect(caveat).toContain(`${fit?.studies} public studies (${fit?.repos} repositories, self-reported)`);
  expect(caveat).toContain(`In ${checked?.repos} other public repositories`);
  expect(caveat).toContain(`held ${Math.round((checked?.gain_inside ?? 0) * 100)} % of the time`);
});
