import { expect, test } from 'vitest';
import { experimentRows } from '../../../src/core/journal/experiment-row.ts';
import { untriedKeeps } from '../../../src/core/views/compare.ts';
import { knobView } from '../../../src/core/views/knob-view.ts';
import { boundedLines, liveRun } from '../../../src/core/views/live-run.ts';
import { stopRulesOf } from '../../../src/core/views/stop-rules.ts';
import { createJournal, fakeHash, scored, session } from '../../helpers/journal.ts';
import { livedInJournal } from '../../helpers/lived-in-study.ts';
import { createJournal as createStudy } from '../../helpers/study-history.ts';

const oneKeep = createJournal().baseline(scored(2)).experiment(scored(1.9), 'keep', 'A rate of 1').history();
const nothing = createJournal().baseline(scored(2)).history();

test('what one study kept is untried in another that set no knob so, and tried in one that did', () => {
  expect(untriedKeeps(oneKeep, nothing)).toEqual([{ experiment: 1, title: 'A rate of 1', gain: expect.closeTo(0.1) }]);
  expect(untriedKeeps(oneKeep, oneKeep)).toEqual([]);
  expect(untriedKeeps(nothing, oneKeep)).toEqual([]);
});

test('what a study kept is in another that starts from it', () => {
  const first = createJournal()
    .baseline(scored(2))
    .experiment(scored(1.9), 'keep', 'A rate of 1')
    .experiment(scored(1.8), 'keep', 'A rate of 2')
    .experiment(scored(1.7), 'keep', 'A rate of 3')
    .history();
  const second = createJournal()
    .add({
      event: 'candidate-committed',
      experiment: 0,
      commit: fakeHash('commit', 0),
      tree: fakeHash('tree', 0),
      content: first.experiments[2]?.candidate?.content ?? '',
    })
    .history();
  expect(untriedKeeps(first, second).map(({ title }) => title)).toEqual(['A rate of 3']);
});

test('the stop rules say what is used of each, and only those that the study has', () => {
  const stop = { experiments: 10, plateau: 3, target: 1 };
  const { history } = createJournal({ session: { ...session, stop } })
    .baseline(scored(2))
    .experiment(scored(2.1), 'revert')
    .experiment(scored(2.2), 'revert')
    .whole();
  expect(stopRulesOf(history, { at: history.lastAt })).toEqual([
    { rule: 'experiments', used: 2, max: 10 },
    { rule: 'plateau', used: 2, max: 3 },
  ]);
});

test('a knob lies between the lowest and the highest value that was tried, and one with a single value is no axis', () => {
  const { history } = livedInJournal().whole();
  const { axes } = knobView(history, experimentRows(history), 4);
  expect(axes.map(({ name, tried }) => [name, tried])).toEqual([['DROPOUT', 16]]);
  expect(axes[0]?.places.slice(7)).toEqual([undefined, 0, ...Array.from({ length: 14 }, () => expect.any(Number)), 1]);
  expect(axes[0]?.marks.map(({ text }) => text)).toEqual(['0', '0.075', '0.15']);
});

test('the ends of an axis of whole numbers are values that were tried, with all their digits', () => {
  const journal = createStudy();
  journal.begin();
  for (const to of [1024, 16]) {
    const edits = [{ kind: 'set-knob' as const, file: 'train.py', knob: 'BATCH_SIZE', to }];
    journal.attempt({ title: `BATCH_SIZE -> ${to}`, value: 3.1, edits, kind: 'knobs' });
  }
  const { history } = journal.whole();
  const { axes } = knobView(history, experimentRows(history), 4);
  expect(axes[0]?.marks.map(({ text }) => text)).toEqual(expect.arrayContaining(['16', '1024']));
});

test('the log of a run in flight is cut to what a page can show, without terminal codes', () => {
  const log = `${'x'.repeat(100_000)}\n\u001b[31m step=1 loss=2.5 progress=0.25\u001b[0m\r${'\n'.repeat(50)}`;
  const { progress, log: lines } = liveRun({ experiment: 1, run: 1, title: 'one' }, log);
  expect(progress).toEqual({ step: 1, loss: 2.5, progress: 0.25 });
  expect(lines.at(-1)?.trim()).toBe('step=1 loss=2.5 progress=0.25');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(302);
  expect(boundedLines('a\n'.repeat(1000), 12)).toHaveLength(12);
});
