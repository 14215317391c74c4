import { expect, test } from 'vitest';
import { withNarrowing } from '../../../src/adapters/researchers/narrowing-researcher.ts';
import { createRandomResearcher } from '../../../src/adapters/researchers/random-researcher.ts';
import { createTrialReader } from '../../../src/adapters/researchers/trial-reader.ts';
import type { Range } from '../../../src/core/space/knob.ts';
import type { ProposalRequest } from '../../../src/ports/researcher.ts';
import { describeResearcherContract, proposalOf, requestFor } from '../../contracts/researcher-contract.ts';
import { createJournal, type Journal, scored } from '../../helpers/journal.ts';

const readTrials = createTrialReader(async () => []);
const create = () => withNarrowing(createRandomResearcher(), readTrials);
const { signal } = new AbortController();

describeResearcherContract(create);

/** A study of 44 experiments whose learning rate worked between 0.08 and 0.12 and nowhere else. */
function taught(): Journal {
  const journal = createJournal().baseline(scored(2));
  for (let experiment = 1; experiment <= 44; experiment++) {
    const isGood = experiment % 3 === 0;
    const to = isGood ? 0.08 + experiment / 1100 : 0.002 * 1.1 ** experiment;
    const proposal = {
      title: `t${experiment}`,
      hypothesis: '',
      kind: 'knobs' as const,
      edits: [{ kind: 'set-knob' as const, file: 'train.py', knob: 'LEARNING_RATE', to }],
    };
    journal.add({ event: 'proposal-made', experiment, attempt: 0, parent: 0, researcher: 'random', proposal });
    journal.add({ event: 'run-started', experiment, run: 1, seed: 1 });
    journal.add({ event: 'run-ended', experiment, run: 1, result: scored(isGood ? 2.1 : 3) });
    journal.add({ event: 'verdict-given', experiment, verdict: { decision: 'revert', reason: '' } });
  }
  return journal;
}

/** A request whose `record` adds entries to the journal and to the request's history. */
async function requestOf(journal: Journal, more: Partial<ProposalRequest> = {}): Promise<ProposalRequest> {
  const request = await requestFor(journal, more);
  const record: ProposalRequest['record'] = async (news) => {
    journal.add(news);
    Object.assign(request.history, journal.history());
  };
  return { ...request, record };
}

test('the change is journalled before it is used, once, and asked again after a crash the answer is the same', async () => {
  const journal = taught();
  // The plateau of such a study would open all ranges, so it is told of a recent keep.
  const recent = async () => {
    const request = await requestOf(journal);
    Object.assign(request.history, { sinceKeep: 3 });
    return request;
  };
  const first = await create().propose(await recent(), signal);
  const changes = journal.entries.filter(({ event }) => event === 'space-changed');
  expect(changes).toMatchObject([
    { experiment: 45, trials: 45, changes: [{ knob: 'LEARNING_RATE', from: 'log 0.001..1', to: 'log 0.024..1' }] },
  ]);
  expect(await create().propose(await recent(), signal)).toEqual(first);
  expect(journal.entries.filter(({ event }) => event === 'space-changed')).toHaveLength(1);
});

test('whoever is asked sees the narrowed range, and proposes nothing outside it', async () => {
  const journal = taught();
  const seen: Range[] = [];
  const spy = withNarrowing(
    {
      ...createRandomResearcher(),
      propose: async (request, aborted) => {
        seen.push(...request.space.filter(({ knob }) => knob.name === 'LEARNING_RATE').map(({ range }) => range));
        return createRandomResearcher().propose(request, aborted);
      },
    },
    readTrials,
  );
  for (let index = 0; index < 60; index++) {
    const request = await requestOf(journal, { seed: `seed ${index}` });
    Object.assign(request.history, { sinceKeep: 3 });
    for (const edit of proposalOf(await spy.propose(request, signal)).edits) {
      if (edit.kind !== 'set-knob' || edit.knob !== 'LEARNING_RATE') continue;
      expect(edit.to).toBeGreaterThanOrEqual(0.024);
    }
  }
  expect(new Set(seen.map((range) => JSON.stringify(range))).size).toBe(1);
  expect(seen[0]).toMatchObject({ low: 0.024, high: 1 });
});

test('when everything within the narrowed range is tried, the rest of the given one is not', async () => {
  const journal = taught();
  const request = await requestOf(journal);
  Object.assign(request.history, { sinceKeep: 3 });
  const lows: number[] = [];
  const exhausted = withNarrowing(
    {
      name: 'random',
      propose: async ({ space }) => {
        const range = space.find(({ knob }) => knob.name === 'LEARNING_RATE')?.range;
        lows.push(range && 'low' in range ? range.low : Number.NaN);
        return { kind: 'exhausted', reason: 'all is tried' };
      },
    },
    readTrials,
  );
  expect(await exhausted.propose(request, signal)).toMatchObject({ kind: 'exhausted' });
  expect(lows).toEqual([0.024, 0.001]);
});
