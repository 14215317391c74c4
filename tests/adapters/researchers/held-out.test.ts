/** The holdout is never shown to a researcher: what models and coding agents are told is the same with it and without. */
import { expect, test } from 'vitest';
import { loadPrompts } from '../../../src/adapters/prompt-files.ts';
import type { History } from '../../../src/core/journal/history.ts';
import { describeTask } from '../../../src/core/llm/agent-task.ts';
import { resultsTsv } from '../../../src/core/views/results-tsv.ts';
import { proposeWith } from '../../helpers/propose-with-model.ts';
import { answer, call, scriptedModel, textOf } from '../../helpers/scripted-model.ts';
import { createJournal, hash } from '../../helpers/study-history.ts';

/** Digits that occur nowhere else. */
const figure = 6.543219;

/** A study of two keeps that was graded and confirmed, or the same one without. */
function studyWith(isHeldOut: boolean): History {
  const journal = createJournal();
  journal.begin();
  journal.attempt({ title: 'wider', value: 2.9, isKept: true });
  journal.attempt({ title: 'deeper', value: 2.7, isKept: true });
  if (isHeldOut) addHeldOut(journal.add);
  journal.attempt({ title: 'steeper', value: 3.1 });
  return journal.history();
}

function addHeldOut(add: ReturnType<typeof createJournal>['add']): void {
  const measurement = { value: figure, resolution: 0.000001, vouched: 'scored' as const, metrics: {} };
  const result = { outcome: 'finished' as const, reason: '', evidence: '', measurement, seconds: 1, cpuSeconds: 1 };
  for (const [experiment, run] of [
    [0, 1],
    [0, 2],
    [0, 3],
    [1, 1],
    [2, 1],
  ] as const) {
    add({ event: 'holdout-scored', experiment, run, result });
  }
  const row = { experiment: 2, runs: 1, validationGain: 0.3, holdoutGain: figure, limit: figure, isParted: true };
  const warning = `Overfitting: ${figure}`;
  const reading = { rows: [row], sigma: figure, degreesOfFreedom: 2, isSplitIgnored: false, warning };
  add({ event: 'gauge-read', reading });
  const contenders = ['baseline', 'final'].map((contender) => ({ contender, commit: hash(1) }));
  const plan = { experiment: 2, split: 'holdout' as const, reason: '', runs: 2, isAblated: false, inseparable: [] };
  add({ event: 'confirmation-planned', confirmation: 1, ...plan, contenders });
  const run = { confirmation: 1, contender: 'final', run: 1 };
  add({ event: 'confirmation-run-started', ...run, seed: 99 });
  add({ event: 'confirmation-run-ended', ...run, result });
  const summary = { mean: figure, n: 2, failed: 0 };
  const comparison = { gain: figure, better: 2, pairs: 2 };
  const gain = { baseline: summary, final: summary, comparison, steps: [] };
  add({ event: 'gain-confirmed', confirmation: 1, gain });
}

/** Everything that a model hears in a conversation in which it uses every tool on every experiment. */
async function heard(history: History): Promise<string> {
  const experiments = history.experiments.map(({ experiment }) => call('show_experiment', { experiment }));
  const model = scriptedModel([
    answer(...experiments, call('list_experiments'), call('read_notes'), call('read_file', { file: 'train.py' })),
    answer(call('edit', { file: 'train.py', edits: [{ find: 'DECAY = "constant"', replace: 'DECAY = "cosine"' }] })),
    answer(call('check'), call('submit', { title: 't', hypothesis: 'h', expected_effect: '', kind: 'knobs' })),
  ]);
  const { reply } = await proposeWith({ model, history });
  expect(reply.kind).toBe('proposal');
  return model.requests.map((request) => textOf(request).replace(/call-\d+/g, 'call')).join('\n');
}

test('a model hears the same whether the study was graded on the holdout and confirmed, or not', async () => {
  const told = await heard(studyWith(true));
  expect(withoutTimes(told)).toBe(withoutTimes(await heard(studyWith(false))));
  expect(told).not.toMatch(/6\.54|holdout.{0,20}\d\.\d|Overfitting/);
});

test('a coding agent is given the same task', async () => {
  const render = await loadPrompts('/nowhere');
  const task = describeTask(render, studyWith(true), 4);
  expect(task).toBe(describeTask(render, studyWith(false), 4));
  expect(task).not.toContain('6.54');
});

test('results.tsv, which agents may find, has no figure of it', () => {
  expect(resultsTsv(studyWith(true))).toBe(resultsTsv(studyWith(false)));
});

function withoutTimes(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then');
}
