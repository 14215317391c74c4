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

it('it tells what was refused with the whole reason, that of this experiment apart, the incumbent, the noise and what came near', () => {
  const journal = study('').experiment(scored(1.9), 'keep', 'Widen it').experiment(scored(1.95), 'revert', 'Narrow it');
  const refuse = (experiment: number, attempt: number, reason: string) =>
    journal.add({ event: 'proposal-refused', experiment, attempt, researcher: 'command:x', title: 'A file', reason });
  refuse(3, 0, 'the first reason');
  journal.experiment(scored(2.2), 'revert', 'Again');
  refuse(4, 0, `the agent added helper.py, which may not be edited: ${'only '.repeat(60)}train.py may change`);
  const task = describeTask(render, journal.history(), 4);
  const [before, now = ''] = task.split('# Refused just now');
  expect(before).toContain('"A file": the first reason');
  expect(now).toMatch(/helper\.py.*train\.py may change/);
  expect(now).not.toContain('the first reason');
  for (const text of [
    'experiment 1 with val_bpb 1.9',
    'The noise has not been measured',
    '`.nocturne/`',
    'near a keep',
  ]) {
    expect(task).toContain(text);
  }
});

it("an owner's own prompt with the names of earlier versions is told all of it", () => {
  const own = describeTask((_, values) => JSON.stringify(values), study('').history(), 1);
  expect(own).toContain('Where the study stands');
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
  expect(holds('試行 7 ')).toBe(false);
});
