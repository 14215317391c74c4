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

it('an experiment has the time of day when it began and how long its runs took, within 80 columns', () => {
  const title = 'LEARNING_RATE 0.1 -> 0.04, WIDTH 16 -> 32 and a schedule that warms up for a while';
  const journal = createJournal().baseline(scored(2)).experiment(scored(1.9), 'keep', title);
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

it('that all scores are self-reported is said once, and of some at each', () => {
  const self = createJournal().baseline(scored(2)).experiment(scored(1.9), 'keep');
  expect(linesOf(self).filter((line) => line.includes('self-reported'))).toEqual([
    'All scores are self-reported: the script alone vouches for them.',
  ]);
  const { measurement, ...run } = scored(1.8);
  const apart = { ...run, ...(measurement && { measurement: { ...measurement, vouched: 'scored' as const } }) };
  const mixed = self.experiment(apart, 'keep');
  expect(linesOf(mixed).filter((line) => line.includes('[self-reported]'))).toHaveLength(2);
});
