/** What a live study says at its first occurrence alone. */
import { expect, it } from 'vitest';
import { lineOf } from '../../../src/cli/render/plain.ts';
import { createTellOnce } from '../../../src/cli/render/tell-once.ts';
import type { Entry, EntryOf } from '../../../src/core/journal/entry.ts';
import type { LoopEvent } from '../../../src/core/journal/loop-event.ts';
import { failed, scored } from '../../helpers/journal.ts';

const at = '2026-11-29T00:00:00.000Z';
let seq = 0;

function proposal(
  experiment: number,
  by: Pick<EntryOf<'proposal-made'>, 'researcher' | 'arm' | 'why' | 'inPlaceOf'>,
): Entry {
  const idea = { title: `idea ${experiment}`, hypothesis: '', edits: [], kind: 'knobs' as const };
  seq += 1;
  return { event: 'proposal-made', seq, at, experiment, attempt: 0, parent: 0, proposal: idea, ...by };
}

function told(events: readonly LoopEvent[]): (string | undefined)[] {
  const tellOnce = createTellOnce();
  return events.map((event) => {
    const left = tellOnce(event);
    return left && lineOf(left, undefined);
  });
}

it('why a researcher of a mix is asked, at its first proposal; afterwards its name', () => {
  const recipe = { researcher: 'recipe', arm: 'recipe', why: 'what is customary comes first' };
  const random = { researcher: 'random', arm: 'random', why: 'drawn at 2.0' };
  expect(told([proposal(1, recipe), proposal(2, recipe), proposal(3, random), proposal(4, recipe)])).toEqual([
    '   1 idea 1\n     recipe: what is customary comes first',
    '   2 idea 2  by recipe',
    '   3 idea 3\n     random: drawn at 2.0',
    '   4 idea 4  by recipe',
  ]);
});

it('who stands in for a researcher that is alone, with the reason once', () => {
  const standIn = { researcher: 'random', why: 'in place of bayes: Optuna failed' };
  const events = [proposal(1, { researcher: 'bayes' }), proposal(2, standIn), proposal(3, standIn)];
  expect(told(events)).toEqual([
    '   1 idea 1',
    '   2 idea 2\n     random: in place of bayes: Optuna failed',
    '   3 idea 3  by random',
  ]);
});

it('what stands in for a search that failed, once, also where a mix has explained it already', () => {
  const random = { researcher: 'random', arm: 'random', why: 'drawn at 2.0' };
  const failed = (reason: string) => ({
    ...random,
    why: `bayes-gp gained most; in place of bayes: ${reason}`,
    inPlaceOf: { researcher: 'bayes', reason },
  });
  expect(told([proposal(1, random), proposal(2, failed('no 1')), proposal(3, failed('no 2'))])).toEqual([
    '   1 idea 1\n     random: drawn at 2.0',
    '   2 idea 2\n     random: bayes-gp gained most; in place of bayes: no 1',
    '   3 idea 3  by random',
  ]);
});

it('that weights are graded on the holdout, once; a failure each time', () => {
  const graded = (run: number, result = scored(1)): Entry => {
    return { event: 'holdout-scored', seq: run, at, experiment: 0, run, result };
  };
  const lines = told([graded(1), graded(2), graded(3, failed('crashed'))]);
  expect(lines).toEqual([
    expect.stringContaining('graded on the holdout'),
    undefined,
    expect.stringContaining('no holdout grade of baseline run 3: '),
  ]);
});

it('why a candidate runs again, once', () => {
  const rerun = (run: number): Entry => {
    const verdict = { policy: 'value' as const, decision: 'rerun' as const, reason: 'one seed does not decide' };
    return { event: 'verdict-given', seq: run, at, experiment: 1, verdict };
  };
  expect(told([rerun(1), rerun(2)])).toEqual([
    expect.stringMatching(/running again: one seed does not decide$/),
    expect.stringMatching(/running again$/),
  ]);
});
