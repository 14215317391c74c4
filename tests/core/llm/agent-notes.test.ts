import { expect, it } from 'vitest';
import { agentNotes, notedExperiments } from '../../../src/core/llm/agent-notes.ts';
import { createJournal, scored } from '../../helpers/journal.ts';

it('an experiment has its diff, the end of its log and the reason of its verdict in files of its own', () => {
  const journal = createJournal().baseline(scored(2)).experiment(scored(1.9), 'keep', 'Widen it');
  const log = `${'step\n'.repeat(10_000)}the end\u001b[31m`;
  const notes = agentNotes(journal.history(), (one) => ({ diff: one === 1 ? '-a\n+b\n' : '', log }));
  expect(notes['ledger.md']).toContain('Widen it');
  expect(notes['experiments/1/diff']).toBe('-a\n+b\n');
  expect(notes['experiments/1/reason']).toContain('Verdict: keep');
  expect(notes['experiments/1/log']).toMatch(/the end$/);
  expect(Object.keys(notes)).not.toContain('experiments/0/diff');
});

it('however long the study is and however much it printed, the files are bounded', () => {
  const journal = createJournal().baseline(scored(2));
  for (let one = 1; one <= 300; one++) journal.experiment(scored(2.1), 'revert', `Try ${one}`);
  const huge = 'x'.repeat(1_000_000);
  const history = journal.history();
  const notes = agentNotes(history, () => ({ diff: huge, log: huge }));
  expect(notedExperiments(history).length).toBeLessThan(100);
  const size = Object.values(notes).reduce((sum, text) => sum + text.length, 0);
  expect(size).toBeLessThan(6_000_000);
  expect(notes['experiments/300/reason']).toContain('Try 300');
});
