/** What `bayes` does when Optuna has no answer. */
import { expect, it } from 'vitest';
import { createBayesResearcher } from '../../../../src/adapters/researchers/bayes/bayes-researcher.ts';
import { requestFor } from '../../../contracts/researcher-contract.ts';

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
