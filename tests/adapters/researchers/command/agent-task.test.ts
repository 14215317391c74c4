import { expect, it } from 'vitest';
import { loadPrompts } from '../../../../src/adapters/prompt-files.ts';
import { describeTask } from '../../../../src/core/llm/agent-task.ts';
import { createJournal, scored, session } from '../../../helpers/journal.ts';

const render = await loadPrompts('/nowhere');

function study(prose: string) {
  return createJournal({ session: { ...session, prose } }).baseline(scored(2));
}

it('the task names the files, the metric, the budget, the notes, the brief and what was tried', () => {
  const journal = study('Mind the width.').experiment(scored(1.9), 'keep', 'Widen it');
  journal.add({ event: 'note-read', text: 'Try momentum.' });
  const task = describeTask(render, journal.history(), 2);
  for (const text of ['train.py', 'val_bpb', '5 s of wall time', '- Try momentum.', 'Mind the width.', 'Widen it']) {
    expect(task).toContain(text);
  }
});

it('it fits in one argument of a command line, whatever the owner and the night wrote, and the newest is there', () => {
  const journal = study('長い説明。'.repeat(20_000));
  for (let note = 1; note <= 50; note++) journal.add({ event: 'note-read', text: `note ${note} ${'ü'.repeat(1000)}` });
  journal.add({ event: 'note-read', text: `the last note ${'ü'.repeat(100_000)}` });
  for (let trial = 1; trial <= 600; trial++)
    journal.experiment(scored(2.1), 'revert', `試行 ${trial} ${'幅'.repeat(60)}`);
  const task = describeTask(render, journal.history(), 601);
  expect(Buffer.byteLength(task)).toBeLessThan(120_000);
  const holds = (text: string) => task.includes(text);
  expect([holds('試行 600 '), holds('the last note')]).toEqual([true, true]);
  expect(holds('試行 1 ')).toBe(false);
});
