import { expect, it } from 'vitest';
import { findOptuna } from '../../../../src/adapters/python/find-optuna.ts';
import { createBayesResearcher } from '../../../../src/adapters/researchers/bayes/bayes-researcher.ts';
import { createOptunaProcess } from '../../../../src/adapters/researchers/bayes/optuna-process.ts';
import { createTrialReader } from '../../../../src/adapters/researchers/trial-reader.ts';
import type { SamplerName } from '../../../../src/core/space/search/search-question.ts';
import { describeResearcherContract, proposalOf, requestFor } from '../../../contracts/researcher-contract.ts';
import { enginePython } from '../../../helpers/engine-python.ts';
import { createJournal, failed, scored } from '../../../helpers/journal.ts';

const { optuna } = await findOptuna(enginePython(), process.env);
if (optuna === undefined) throw new Error(`${enginePython()} has no optuna`);

const { signal } = new AbortController();
const knobs = (await requestFor()).source.knobs;

/** Shared by the tests, since a process takes seconds to start; one test starts two of its own. */
const shared = createOptunaProcess(optuna);

function create(sampler: SamplerName, process = shared) {
  return createBayesResearcher({ optuna: process, readTrials: createTrialReader(async () => knobs), sampler });
}

it('two processes give the same answer', async () => {
  const trials: [number, number][] = Array.from({ length: 14 }, (_, index) => [0.002 * 1.4 ** index, index % 5]);
  const request = await requestFor(rates(...trials));
  for (const sampler of ['gp', 'tpe'] as const) {
    const other = create(sampler, createOptunaProcess(optuna));
    expect(await other.propose(request, signal)).toEqual(await create(sampler).propose(request, signal));
  }
});

describeResearcherContract(() => create('tpe'));
describeResearcherContract(() => create('gp'));

/** A journal in which LEARNING_RATE was tried at these values, with these results. */
function rates(...results: readonly (readonly [number, number | undefined])[]) {
  const journal = createJournal().baseline(scored(2), scored(2.01), scored(1.99));
  for (const [index, [rate, value]] of results.entries()) {
    const experiment = index + 1;
    const edit = { kind: 'set-knob' as const, file: 'train.py', knob: 'LEARNING_RATE', to: rate };
    const proposal = { title: 't', hypothesis: '', kind: 'knobs' as const, edits: [edit] };
    journal.add({ event: 'proposal-made', experiment, attempt: 0, parent: 0, researcher: 'bayes', proposal });
    journal.add({ event: 'run-started', experiment, run: 1, seed: 1 });
    const result = value === undefined ? failed('out-of-memory') : scored(value);
    journal.add({ event: 'run-ended', experiment, run: 1, result });
    const verdict = { decision: 'revert' as const, reason: '' };
    journal.add({ event: 'verdict-given', experiment, verdict });
  }
  return journal;
}

async function proposedRates(sampler: SamplerName, journal: ReturnType<typeof rates>): Promise<number[]> {
  const researcher = create(sampler);
  const found: number[] = [];
  for (let index = 0; index < 8; index++) {
    const reply = await researcher.propose(await requestFor(journal, { seed: `seed ${index}` }), signal);
    for (const edit of proposalOf(reply).edits) {
      if (edit.kind === 'set-knob' && edit.knob === 'LEARNING_RATE') found.push(Number(edit.to));
    }
  }
  return found;
}

it('first points go as far as the question says, each way, and a whole number by one at least', async () => {
  const space = [
    { name: 'rate', kind: 'float', low: 0.001, high: 1, log: true, spread: [0.5, 0.2] },
    { name: 'power', kind: 'int', low: 0, high: 12, log: false, spread: [0.3, 0.3] },
    { name: 'free', kind: 'float', low: 0.001, high: 1, log: true },
  ] as const;
  const current = { rate: 0.03, power: 6, free: 0.03 };
  const steps: Record<keyof typeof current, number[]> = { rate: [], power: [], free: [] };
  for (let seed = 0; seed < 200; seed++) {
    const answer = await shared.ask(
      { sampler: 'tpe', seed, space, current, trials: [], running: [], mayRepeat: false },
      signal,
    );
    if (answer.kind === 'failed') throw new Error(answer.reason);
    const { rate = 0, power = 0, free = 0 } = answer.values;
    steps.rate.push(Math.log(rate / current.rate));
    steps.power.push(power - current.power);
    steps.free.push(Math.log(free / current.free));
  }
  const spreadOf = (all: readonly number[]) => Math.sqrt(all.reduce((sum, each) => sum + each ** 2, 0) / all.length);
  const [down, up] = [steps.rate.filter((step) => step < 0), steps.rate.filter((step) => step > 0)];
  expect(spreadOf(down)).toBeGreaterThan(spreadOf(up));
  expect(Math.max(...steps.rate)).toBeLessThan(1);
  expect(new Set(steps.power.map(Math.abs))).toEqual(new Set([1]));
  expect(spreadOf(steps.free)).toBeGreaterThan(2 * spreadOf(steps.rate));
});

it('proposals go where trials were good and stay away from where they failed', async () => {
  const good: [number, number][] = [0.003, 0.005, 0.008, 0.012, 0.02, 0.04].map((rate) => [
    rate,
    1 + (Math.log10(rate) + 2) ** 2,
  ]);
  const bad: [number, undefined][] = [0.3, 0.4, 0.5, 0.6, 0.8, 0.9].map((rate) => [rate, undefined]);
  const proposed = await proposedRates('gp', rates(...good, ...bad));
  expect(proposed.length).toBeGreaterThan(4);
  for (const rate of proposed) expect(rate).toBeLessThan(0.25);
});

it('the best trial keeps its choices where others were worse, the last of their lists too', async () => {
  const choices = ['a', 'b', 'c', 'd', 'e', 'f'];
  const space = [
    ...choices.map((name) => ({ name, kind: 'choice', count: 3 }) as const),
    { name: 'rate', kind: 'float', low: 0, high: 1, log: false },
  ] as const;
  const valuesOf = (rate: number, others: Readonly<Record<string, number>>) => ({
    ...Object.fromEntries(choices.map((name) => [name, 2])),
    ...others,
    rate,
  });
  const alone = choices.flatMap((name) => [0, 1].map((choice) => ({ [name]: choice })));
  const trials = [{}, {}, {}, ...alone].map((others, index) => ({
    values: valuesOf(0.3 + index / 100, others),
    scores: [1 + index / 1000 + Object.keys(others).length / 2],
  }));
  const current = valuesOf(0.3, {});
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, seed) =>
      shared.ask({ sampler: 'gp', seed, space, current, trials, running: [], mayRepeat: false }, signal),
    ),
  );
  const turned = answers.map((answer) =>
    answer.kind === 'answer' ? choices.filter((name) => answer.values[name] !== 2).length : Number.NaN,
  );
  expect(turned.filter((count) => count === 0).length).toBeGreaterThan(6);
});

it('a study whose every trial failed still has proposals', async () => {
  const bad: [number, undefined][] = Array.from({ length: 12 }, (_, index) => [0.002 + index / 100, undefined]);
  const journal = createJournal().baseline(failed());
  expect(journal.history().experiments).toHaveLength(1);
  for (const sampler of ['gp', 'tpe'] as const) {
    expect((await proposedRates(sampler, rates(...bad))).length).toBeGreaterThan(0);
  }
});

it('a proposal that was tried before is asked for again, and at last made at random', async () => {
  const seen: string[] = [];
  const request = await requestFor(undefined, {
    findEarlier: async (files) => {
      seen.push(files['train.py'] ?? '');
      return 0;
    },
  });
  const { hypothesis } = proposalOf(await create('gp').propose(request, signal));
  // Six of Optuna's, and the random one, which looks whether it is new as well.
  expect(new Set(seen).size).toBe(7);
  expect(hypothesis).toMatch(/^Optuna proposed only what was tried before\. Random search:/);
});
