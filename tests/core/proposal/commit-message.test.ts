import { expect, it } from 'vitest';
import { experimentOf } from '../../../src/core/journal/history.ts';
import type { Verdict } from '../../../src/core/journal/verdict.ts';
import { attemptMessage, keepMessage } from '../../../src/core/proposal/commit-message.ts';
import { createJournal, scored } from '../../helpers/journal.ts';

function study(title = 'LR 0.1 -> 0.2') {
  const history = createJournal().baseline(scored(2.1012)).experiment(scored(2.0674), 'keep', title).history();
  return { history, record: experimentOf(history, 1) };
}

const statistics = { mean: 2.0674, incumbentMean: 2.1012, gain: 0.0338, error: 0.0121, runs: 3 };
const keep: Verdict = { decision: 'keep', reason: 'better by 0.0338', statistics };

it('an attempt says what, why, which and who', () => {
  expect(attemptMessage(study().record)).toBe(
    'LR 0.1 -> 0.2\n\nIt may be better.\n\nExperiment: 1\nResearcher: random\n',
  );
});

it('a keep says how far the metric moved, and on how many runs that rests', () => {
  const { history, record } = study();
  expect(keepMessage(history, record, keep)).toBe(
    [
      'LR 0.1 -> 0.2 (val_bpb 2.1012 -> 2.0674)',
      '',
      'It may be better.',
      '',
      'Experiment: 1',
      'Runs: 3',
      'Gain: 0.0338 ± 0.0121 (half a 95 % interval)',
      'Researcher: random',
      '',
    ].join('\n'),
  );
});

it('a keep says what was measured and not what the policy believes, and why it is one where no gain was measured', () => {
  const { history, record } = study();
  const estimate = { incumbent: 2.1102, candidate: 2.1051 };
  const measured = { mean: 2.1061, incumbentMean: 2.1012, gain: 0.0051, error: 0.0121, runs: 1, estimate };
  const reason = 'measured worse by 0.0049 ± 0.0121,\nyet estimated better by 0.0051';
  const message = keepMessage(history, record, { decision: 'keep', reason, statistics: measured });
  expect(message).toContain('(val_bpb 2.1012 -> 2.1061)\n');
  expect(message).toContain(
    '\nGain: -0.0049 ± 0.0121 (half a 95 % interval)\nReason: measured worse by 0.0049 ± 0.0121, yet estimated better by 0.0051\n',
  );
});

it('a gain without a known noise has no error', () => {
  const { history, record } = study();
  const { error: _, ...rest } = statistics;
  expect(keepMessage(history, record, { ...keep, statistics: rest })).toContain('\nGain: 0.0338\n');
});

it('the subject is one plain line, whatever the title holds', () => {
  const message = attemptMessage(study('  A\n\ntitle\twith \u001b[31mcolour\u001b[0m\u0000 \u202eand more ').record);
  expect(message.split('\n')[0]).toBe('A title with colour and more');
});

it('a hypothesis cannot pose as a trailer', () => {
  const { record } = study();
  const hypothesis = 'It helps.\n\nExperiment: 99\u0000\n';
  const proposal = record.proposal && { ...record.proposal, hypothesis };
  const message = attemptMessage({ ...record, ...(proposal ? { proposal } : {}) });
  expect(message.split('\n\n').at(-1)).toBe('Experiment: 1\nResearcher: random\n');
  expect(message).not.toContain('\u0000');
});

it('an empty hypothesis leaves no gap', () => {
  const { record } = study();
  const proposal = record.proposal && { ...record.proposal, hypothesis: ' \n' };
  expect(attemptMessage({ ...record, ...(proposal ? { proposal } : {}) })).toBe(
    'LR 0.1 -> 0.2\n\nExperiment: 1\nResearcher: random\n',
  );
});
