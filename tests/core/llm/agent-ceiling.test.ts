import { expect, it } from 'vitest';
import type { EntryBody } from '../../../src/core/journal/entry.ts';
import { agentAllowance } from '../../../src/core/llm/agent-ceiling.ts';
import { createJournal, scored, session } from '../../helpers/journal.ts';

type Call = { readonly experiment: number; readonly tokens?: number; readonly usd?: number };

function allowanceAfter(stop: { usd?: number; tokens?: number }, ...calls: readonly Call[]) {
  const journal = createJournal({ session: { ...session, stop } }).baseline(scored(2));
  for (const call of calls) journal.add(entryOf(call));
  return agentAllowance(journal.history());
}

function entryOf({ experiment, tokens, usd }: Call): EntryBody {
  return {
    event: 'model-called',
    experiment,
    attempt: 0,
    purpose: 'proposal',
    model: 'm',
    outcome: 'answer',
    usage: { uncachedInput: tokens ?? 0, cachedInput: 0, cacheWrite: 0, output: 0 },
    ...(usd === undefined ? {} : { usd }),
    ...(tokens === undefined ? { isUnmetered: true as const } : {}),
  };
}

it('without a ceiling every call is allowed', () => {
  expect(allowanceAfter({}, { experiment: 1 })).toEqual({ kind: 'allowed', usdLeft: undefined });
});

it('the first call is allowed, with all that the ceiling leaves', () => {
  expect(allowanceAfter({ usd: 2, tokens: 10 })).toEqual({ kind: 'allowed', usdLeft: 2 });
});

it('a call counts in advance as the dearest experiment so far', () => {
  const calls = [
    { experiment: 1, tokens: 40, usd: 0.1 },
    { experiment: 2, tokens: 20, usd: 0.5 },
  ];
  expect(allowanceAfter({ usd: 1.2 }, ...calls)).toEqual({ kind: 'allowed', usdLeft: 0.6 });
  expect(allowanceAfter({ usd: 1 }, ...calls)).toMatchObject({ kind: 'crossed', reason: 'usd' });
  expect(allowanceAfter({ tokens: 100 }, ...calls)).toMatchObject({ kind: 'allowed' });
  expect(allowanceAfter({ tokens: 99 }, ...calls)).toMatchObject({ kind: 'crossed', reason: 'tokens' });
});

it('a call of which nothing was learned counts as the dearest', () => {
  const calls = [{ experiment: 1, tokens: 40, usd: 0.25 }, { experiment: 2 }];
  expect(allowanceAfter({ usd: 1, tokens: 120 }, ...calls)).toEqual({ kind: 'allowed', usdLeft: 0.5 });
  expect(allowanceAfter({ tokens: 119 }, ...calls)).toMatchObject({ kind: 'crossed', reason: 'tokens' });
});

it('with nothing to go by a ceiling cannot be kept, and the study says so', () => {
  for (const reason of ['usd', 'tokens'] as const) {
    expect(allowanceAfter({ [reason]: 5 }, { experiment: 1 })).toMatchObject({
      kind: 'crossed',
      reason,
      detail: expect.stringContaining('does not say what it uses'),
    });
  }
});
