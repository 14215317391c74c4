/** Where one run says little: what is run again, what is expected, and that each choice is tried. */
import { expect, it } from 'vitest';
import { findOptuna } from '../../../../src/adapters/python/find-optuna.ts';
import { createBayesResearcher } from '../../../../src/adapters/researchers/bayes/bayes-researcher.ts';
import { createOptunaProcess } from '../../../../src/adapters/researchers/bayes/optuna-process.ts';
import { createTrialReader } from '../../../../src/adapters/researchers/trial-reader.ts';
import type { SearchQuestion } from '../../../../src/core/space/search/search-question.ts';
import { requestFor } from '../../../contracts/researcher-contract.ts';
import { enginePython } from '../../../helpers/engine-python.ts';
import { createJournal, scored, session } from '../../../helpers/journal.ts';

const { optuna } = await findOptuna(enginePython(), process.env);
if (optuna === undefined) throw new Error(`${enginePython()} has no optuna`);
const asked = createOptunaProcess(optuna);
const { signal } = new AbortController();
const knobs = (await requestFor()).source.knobs;
const bayes = createBayesResearcher({ optuna: asked, readTrials: createTrialReader(async () => knobs), sampler: 'gp' });

/** Learning rates with their scores, each reverted after one run; the baseline has 0.001. */
const results: readonly (readonly [number, number])[] = [
  [0.003, 0.203],
  [0.03, 0.168],
  [0.04, 0.17],
  [0.05, 0.172],
  [0.2, 0.26],
  [0.3, 0.3],
  [0.002, 0.21],
  [0.025, 0.175],
];

async function replyTo(baseline: readonly number[], policy: 'value' | 'greedy' = 'value') {
  const journal = createJournal({ session: { ...session, policy } }).baseline(
    ...baseline.map((value) => scored(value)),
  );
  for (const [index, [rate, value]] of results.entries()) {
    const experiment = index + 1;
    const edit = { kind: 'set-knob' as const, file: 'train.py', knob: 'LEARNING_RATE', to: rate };
    const proposal = { title: 't', hypothesis: '', kind: 'knobs' as const, edits: [edit] };
    journal.add({ event: 'proposal-made', experiment, attempt: 0, parent: 0, researcher: 'bayes', proposal });
    journal.add({ event: 'run-started', experiment, run: 1, seed: 1 });
    journal.add({ event: 'run-ended', experiment, run: 1, result: scored(value) });
    journal.add({ event: 'verdict-given', experiment, verdict: { decision: 'revert', reason: 'worse by .002' } });
  }
  const findEarlier = async (files: Readonly<Record<string, string>>) => {
    const rate = /LEARNING_RATE\s*=\s*([\d.e-]+)/.exec(files['train.py'] ?? '')?.[1];
    const place = results.findIndex(([each]) => String(each) === rate);
    return place < 0 ? undefined : place + 1;
  };
  return bayes.propose(await requestFor(journal, { findEarlier }), signal);
}

const noisy = [0.203, 0.225, 0.183];

it('good runs of a noisy script that were reverted are run again, with what is expected of them', async () => {
  const reply = await replyTo(noisy);
  expect(reply).toMatchObject({
    kind: 'proposal',
    proposal: {
      hypothesis: expect.stringMatching(/^Experiment \d was reverted, and by all trials together it is better/),
    },
  });
  if (reply.kind !== 'proposal') throw new Error('it proposes');
  expect([2, 3, 4, 8]).toContain(reply.repeats);
  expect(reply.expects?.gain).toBeGreaterThan(0.01);
  expect(reply.expects?.gain).toBeLessThan(0.04);
  expect(reply.expects?.standardError).toBeGreaterThan(0);
});

it('nothing is run again where repeats show little noise, nor under a policy that would take the luckier run', async () => {
  expect(await replyTo([0.1671, 0.167, 0.1672])).not.toHaveProperty('repeats');
  expect(await replyTo(noisy, 'greedy')).not.toHaveProperty('repeats');
});

it('each choice of a knob is tried, whatever the numbers do', async () => {
  const trials = Array.from({ length: 12 }, (_, index) => ({
    values: { rate: index / 12, kind: 0, width: ((index * 5) % 12) / 12 },
    scores: [1 + (index / 12 - 0.4) ** 2],
  }));
  const question = (seed: number): SearchQuestion => ({
    sampler: 'gp',
    seed,
    space: [
      { name: 'rate', kind: 'float', low: 0, high: 1, log: false },
      { name: 'kind', kind: 'choice', count: 3 },
      { name: 'width', kind: 'float', low: 0, high: 1, log: false },
    ],
    current: trials[5]?.values ?? {},
    trials,
    running: [],
    mayRepeat: false,
  });
  const alone = [];
  for (let seed = 0; seed < 8; seed++) {
    const answer = await asked.ask(question(seed), signal);
    if (answer.kind !== 'answer') throw new Error(answer.reason);
    if (answer.values.kind !== 0) alone.push(answer.values.rate);
  }
  expect(alone.length).toBeGreaterThan(1);
});
