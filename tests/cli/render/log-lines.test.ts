import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { logLines } from '../../../src/cli/render/log-lines.ts';
import { timeOfDay } from '../../../src/cli/render/time-of-day.ts';
import { experimentRows } from '../../../src/core/journal/experiment-row.ts';
import { createJournal, failed, type Journal, scored } from '../../helpers/journal.ts';

function linesOf(journal: Journal): readonly string[] {
  const history = journal.history();
  const rows = experimentRows(history);
  return stripVTControlCharacters(logLines(history, rows)).split('\n');
}

/** A result that a scorer vouches for. */
function vouched({ measurement, ...run }: ReturnType<typeof scored>): ReturnType<typeof scored> {
  return { ...run, ...(measurement && { measurement: { ...measurement, vouched: 'scored' as const } }) };
}

it('an experiment has the time of day when it began and how long its runs took, within 80 columns', () => {
  const title = 'LEARNING_RATE 0.1 -> 0.04, WIDTH 16 -> 32 and a schedule that warms up for a while';
  const journal = createJournal()
    .baseline(vouched(scored(2)))
    .experiment(vouched(scored(1.9)), 'keep', title);
  const [header, baseline, first] = linesOf(journal.experiment(failed(), 'revert', 'Short'));
  expect(header).toMatch(/^ {3}# {2}status +val_bpb +gain +began +took {2}what$/);
  const { startedAt } = experimentRows(journal.history())[0] ?? {};
  expect(baseline).toMatch(
    new RegExp(`^ {3}0 {2}baseline +2\\.0+ +${timeOfDay(startedAt ?? '')} +10\\.0 s {2}baseline$`),
  );
  expect(first?.length).toBeLessThanOrEqual(80);
  // No word of the title is broken.
  const shown = first?.split(/ s {2}/)[1]?.replace('…', '') ?? '';
  expect(title.startsWith(shown) && /^[ ,]/.test(title.slice(shown.length))).toBe(true);
  expect(shown.length).toBeGreaterThan(15);
});

it('each row whose score only the script vouches for says so', () => {
  const self = createJournal().baseline(scored(2)).experiment(scored(1.9), 'keep');
  const [header, ...rows] = linesOf(self.experiment(vouched(scored(1.8)), 'keep'));
  // The word takes the place of how long it took, not that of the title.
  expect(header).toMatch(/began {2}what$/);
  expect(rows.map((line) => line.includes('[self-reported] '))).toEqual([true, true, false]);
});
