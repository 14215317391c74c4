import { expect, it } from 'vitest';
import { failingSearchWarnings, newFailingSearchWarning } from '../../../src/core/journal/failing-search.ts';
import { createJournal, scored } from '../../helpers/journal.ts';

const edit = { kind: 'set-knob' as const, file: 'train.py', knob: 'LR', to: 1 };

/** Experiments by these researchers; one that proposed in place of bayes has a reason. */
function study(...by: readonly (readonly [researcher: string, reason?: string])[]) {
  const journal = createJournal().baseline(scored(1));
  for (const [index, [researcher, reason]] of by.entries()) {
    const proposal = { title: 't', hypothesis: '', kind: 'knobs' as const, edits: [{ ...edit, to: index }] };
    const inPlaceOf = reason === undefined ? {} : { inPlaceOf: { researcher: 'bayes', reason } };
    const experiment = index + 1;
    journal.add({ event: 'proposal-made', experiment, attempt: 0, parent: 0, researcher, proposal, ...inPlaceOf });
  }
  return journal.history();
}

const failed = (number: number) => ['random', `Optuna failed: error ${number}`] as const;

it('a search that failed at its first three questions is said, with the last reason and what to do', () => {
  const history = study(failed(1), failed(2), failed(3));
  expect(failingSearchWarnings(history)).toEqual([
    'bayes has failed at all 3 questions, and random proposed in its place: Optuna failed: error 3. `nocturne doctor` says which Optuna it asks.',
  ]);
  expect(newFailingSearchWarning(history, 3)).toBe(failingSearchWarnings(history)[0]);
});

it('it is said as new once, and the whole study counts afterwards', () => {
  const history = study(failed(1), failed(2), failed(3), ['grid'], failed(4));
  expect(newFailingSearchWarning(history, 5)).toBeUndefined();
  expect(failingSearchWarnings(history)[0]).toContain('all 4 questions');
});

it.each([
  ['two failures', study(failed(1), failed(2))],
  ['failures after an answer', study(['bayes'], failed(1), failed(2), failed(3))],
  ['failures before an answer', study(failed(1), failed(2), failed(3), ['bayes'])],
  ['what random proposed by itself', study(['random'], ['random'], ['random'])],
])('%s is no search that fails at every question', (_, history) => {
  expect(failingSearchWarnings(history)).toEqual([]);
});
