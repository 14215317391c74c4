/** What `bayes` does when Optuna has no answer. */
import { expect, it } from 'vitest';
import { createBayesResearcher } from '../../../../src/adapters/researchers/bayes/bayes-researcher.ts';
import { requestFor } from '../../../contracts/researcher-contract.ts';
import { createJournal, scored, session } from '../../../helpers/journal.ts';

const bayes = createBayesResearcher({
  optuna: { ask: async () => ({ kind: 'failed', reason: 'it was interrupted' }) },
  readTrials: async () => ({ finished: [], running: [] }),
});

it('a random proposal stands in for an answer that failed, says so, and is journalled as random', async () => {
  const reply = await bayes.propose(await requestFor(), new AbortController().signal);
  expect(reply).toMatchObject({
    kind: 'proposal',
    proposal: { hypothesis: expect.stringMatching(/^Optuna failed: it was interrupted\. Random search/) },
    by: {
      researcher: 'random',
      why: 'in place of bayes: Optuna failed: it was interrupted',
      inPlaceOf: { researcher: 'bayes', reason: 'Optuna failed: it was interrupted' },
    },
  });
});

it("nothing stands in for an answer that the owner's stop cut short", async () => {
  expect(await bayes.propose(await requestFor(), AbortSignal.abort())).toMatchObject({ kind: 'failed' });
});

it.each([
  ['value', 0.02, true],
  ['value', -0.02, false],
  ['greedy', 0.02, false],
] as const)(
  'under the policy %s a point that was tried, with an expected gain of %s, is run again: %s',
  async (policy, gain, isRepeated) => {
    const edit = { kind: 'set-knob' as const, file: 'train.py', knob: 'LEARNING_RATE', to: 0.02 };
    const proposal = { title: 't', hypothesis: '', kind: 'knobs' as const, edits: [edit] };
    const journal = createJournal({ session: { ...session, policy } }).baseline(scored(2), scored(2.1), scored(1.9));
    journal.add({ event: 'proposal-made', experiment: 1, attempt: 0, parent: 0, researcher: 'bayes', proposal });
    journal.add({ event: 'run-started', experiment: 1, run: 1, seed: 1 });
    journal.add({ event: 'run-ended', experiment: 1, run: 1, result: scored(2) });
    journal.add({ event: 'verdict-given', experiment: 1, verdict: { decision: 'revert', reason: '' } });
    const repeating = createBayesResearcher({
      optuna: {
        ask: async (question) => ({
          kind: 'answer',
          values: { ...question.current, 'train.py:LEARNING_RATE': 0.02 },
          sampler: 'a Gaussian process',
          expects: { gain, standardError: 0.1 },
        }),
      },
      readTrials: async () => ({ finished: [], running: [] }),
    });
    const findEarlier = async (files: Readonly<Record<string, string>>) =>
      files['train.py']?.includes('LEARNING_RATE = 0.02') ? 1 : undefined;
    const reply = await repeating.propose(await requestFor(journal, { findEarlier }), new AbortController().signal);
    expect('repeats' in reply).toBe(isRepeated);
  },
);
