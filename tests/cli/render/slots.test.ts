/** What a study on several slots is shown as. */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { logLines } from '../../../src/cli/render/log-lines.ts';
import { lineOf } from '../../../src/cli/render/plain.ts';
import { runLines } from '../../../src/cli/render/run-lines.ts';
import { showText } from '../../../src/cli/render/show-text.ts';
import { statusText } from '../../../src/cli/render/status-text.ts';
import type { Entry } from '../../../src/core/journal/entry.ts';
import { experimentRows } from '../../../src/core/journal/experiment-row.ts';
import { experimentOf } from '../../../src/core/journal/history.ts';
import type { RunProgressed } from '../../../src/core/journal/loop-event.ts';
import { statusOfStudy } from '../../../src/core/views/status.ts';
import { createJournal, type Journal, scored, session } from '../../helpers/journal.ts';
import { beginSlots, busySlots } from '../../helpers/slots-study.ts';

const plain = (text: string) => stripVTControlCharacters(text);
const progress = (experiment: number, run = 1): RunProgressed => ({
  event: 'run-progressed',
  experiment,
  run,
  elapsedSeconds: 2,
  loss: 2.5,
  progress: 0.5,
});

describe('the footer', () => {
  const linesOf = (runs: readonly RunProgressed[], journal: Journal, maxLines = 12) =>
    runLines(runs, 5, journal.history(), maxLines).map((parts) => plain(parts.join('  ')));

  it('has a line for each run, in the order of the slots, and one for the study', () => {
    const lines = linesOf([progress(4), progress(5)], busySlots());
    expect(lines).toEqual([
      expect.stringMatching(/^slot 0 {2}experiment 5 {2}2\.0 s of 5\.0 s {2}━{14} {2}loss 2\.5/),
      expect.stringMatching(/^slot 2 {2}experiment 4 {2}/),
      expect.stringMatching(/^waiting: 6 {2}best 1\.5/),
    ]);
    for (const line of lines) expect(line.length).toBeLessThan(80);
  });

  it('has no number of a slot with one, and no line without a run', () => {
    const journal = createJournal().baseline(scored(2));
    expect(linesOf([progress(1)], journal)).toEqual([
      expect.stringMatching(/^experiment 1 {2}2\.0 s of 5\.0 s {2}━{14} {2}loss 2\.5/),
      expect.stringMatching(/^best 2\.0+$/),
    ]);
    expect(linesOf([], journal)).toEqual([]);
  });

  it('says how far the study is and when it may end, or that nobody knows yet', () => {
    const journal = createJournal({ session: { ...session, stop: { experiments: 40 } } }).baseline(scored(2));
    expect(linesOf([progress(1)], journal).at(-1)).toMatch(/^best 2\.0+ {2}0 of 40 experiments {2}end not known yet$/);
    journal.experiment(scored(3), 'revert');
    const known = linesOf([progress(2)], journal).at(-1);
    expect(known).toMatch(/^best 2\.0+ {2}1 of 40 experiments {2}ends about .*\d\d:\d\d$/);
    const confirming = { ...progress(2), confirmation: { confirmation: 1, contender: 'final' } };
    expect(linesOf([confirming], journal).at(-1)).toMatch(/^best 2\.0+$/);
  });

  it('has as many lines as there is room for, and says how many runs it leaves out', () => {
    const { journal, start, propose } = beginSlots();
    const numbers = [1, 2, 3, 4, 5, 6, 7, 8];
    for (const number of numbers) {
      propose(number, { title: 't', hypothesis: '', kind: 'code', edits: [] });
      start(number, number - 1);
    }
    const runs = numbers.map((number) => progress(number));
    expect(linesOf(runs, journal)).toHaveLength(9);
    const few = linesOf(runs, journal, 5);
    expect(few).toHaveLength(5);
    expect(few[3]).toBe('and 5 more runs');
  });
});

describe('plain lines', () => {
  it('say that nothing ends a resumed study whose last session had a stop rule', () => {
    const resumed = (stop: object, changed: string[]) => {
      const journal = createJournal().add({
        event: 'study-resumed',
        session: { ...session, stop },
        changed,
        isolation: 'none',
      });
      return plain(lineOf(journal.entries.at(-1) as Entry, journal.history()) ?? '');
    };
    expect(resumed({}, ['stop'])).toContain(
      'no stop rule ends it now: `--max-experiments`, or `stop:` in the brief, sets one',
    );
    expect(resumed({ hours: 8 }, ['stop'])).not.toContain('no stop rule');
    expect(resumed({}, [])).not.toContain('no stop rule');
  });

  const told = (journal: Journal) =>
    journal.entries.flatMap((entry) =>
      plain(lineOf(entry, journal.history()) ?? '')
        .split('\n')
        .filter(Boolean),
    );

  it('name the experiment of each verdict, and tell what is dropped, moves on or is tried again in one line', () => {
    const study = beginSlots();
    study.propose(1, { title: 'One', hypothesis: '', kind: 'code', edits: [] });
    study.move(1, 0, { title: 'One', hypothesis: '', kind: 'code', edits: [] });
    expect(told(study.journal)).toContain('   1 goes on from experiment 0, which was kept meanwhile');
    const lines = told(busySlots());
    expect(lines).toContainEqual(
      expect.stringMatching(/^ {3}2 1\.750* {2}reverted: better; experiment 1 was kept meanwhile$/),
    );
    expect(lines).toContain(
      '   3 dropped before it ran: experiment 1 was kept meanwhile, and on that its edits change nothing',
    );
    expect(lines).toContain('   5 WIDTH -> 16 (the edits of 2 on 1)');
  });

  it('have no number before a verdict with one slot', () => {
    expect(told(createJournal().baseline(scored(2)).experiment(scored(3), 'revert')).at(-1)).toMatch(/^ {5}\S/);
  });
});

describe('looking at a study', () => {
  it('status names each run in flight and what waits; of a study that stands still, what the next start adopts', () => {
    const whole = busySlots().whole();
    const live = plain(statusText(statusOfStudy(whole, '2024-11-23T23:00:00.000Z', true)));
    expect(live).toMatch(/^running {3}slot 0: experiment 5, for \d.*\n {10}slot 2: experiment 4, for \d/m);
    expect(live).toMatch(/^waiting {3}6, for a slot$/m);
    const left = plain(statusText(statusOfStudy(whole, '2024-11-23T23:00:00.000Z', false)));
    expect(left).toMatch(/^left {6}slot 0: experiment 5, which the next start adopts$/m);
  });

  it('log has the slot of what runs and the reason of what was dropped', () => {
    const history = busySlots().history();
    const text = plain(logLines(history, experimentRows(history)));
    expect(text).toMatch(/^ {3}3 {2}dropped .* LR -> 0\.2: dropped before it ran…$/m);
    expect(text).toMatch(/^ {3}4 {2}running .*\[slot 2\] DEPTH -> 8$/m);
  });

  it('show says which experiment makes the edits of which again', () => {
    const whole = busySlots().whole();
    const textOf = (experiment: number) => plain(showText(whole, experimentOf(whole.history, experiment), ''));
    expect(textOf(2)).toContain('tried again as experiment 5, on experiment 1');
    expect(textOf(5)).toContain('edits       those of experiment 2, which gained on an older incumbent');
    expect(textOf(4)).toContain('run 1       seed 1, slot 2, in flight');
  });
});
