import { expect, it } from 'vitest';
import type { Entry } from '../../../src/core/journal/entry.ts';
import { foldHistory } from '../../../src/core/journal/fold.ts';
import { experimentOf, type History } from '../../../src/core/journal/history.ts';
import { keepMessage } from '../../../src/core/proposal/commit-message.ts';
import { findKeepDisagreements } from '../../../src/core/views/check-keeps.ts';
import { createScriptedLab, createScriptedResearcher, turnKnobs } from '../../../src/testing/index.ts';
import { conductStudy, scoreByRate } from '../../helpers/conduct-study.ts';
import { fastFolder } from '../../helpers/fast-folder.ts';

const script = Object.fromEntries([0.4, 0.6, 0.3, 0.2].map((rate, index) => [index + 1, turnKnobs({ LR: rate })]));

async function studied(): Promise<readonly Entry[]> {
  const lab = createScriptedLab({
    folder: fastFolder(),
    files: { 'train.py': 'LR = 0.5\nNOCTURNE_SEED\n' },
    researcher: createScriptedResearcher(script),
    run: scoreByRate,
    brief: { policy: 'value' },
  });
  await conductStudy(lab);
  return lab.archive.journal;
}

const historyOf = (entries: readonly Entry[]): History => foldHistory(entries) ?? expect.fail();

/** The messages of the keeps as they were made, each from the journal as it stood then. */
function messagesOf(entries: readonly Entry[]): Map<string, string> {
  const messages = new Map<string, string>();
  for (const [index, entry] of entries.entries()) {
    if (entry.event !== 'verdict-given' || entry.kept === undefined || entry.experiment === 0) continue;
    const history = historyOf(entries.slice(0, index));
    messages.set(entry.kept, keepMessage(history, experimentOf(history, entry.experiment), entry.verdict));
  }
  return messages;
}

const edited = (entries: readonly Entry[], edit: (entry: Entry) => Entry): History =>
  historyOf(structuredClone([...entries]).map(edit));

it('a study agrees with the messages of its keeps', async () => {
  const entries = await studied();
  const messages = messagesOf(entries);
  expect(messages.size).toBeGreaterThan(1);
  expect(findKeepDisagreements(historyOf(entries), messages)).toEqual([]);
});

it('another score of a run, another verdict, or both in the journal are told, the first keep first', async () => {
  const entries = await studied();
  const messages = messagesOf(entries);
  const keeps = historyOf(entries).experiments.filter(({ experiment, kept }) => experiment > 0 && kept);
  const first = keeps[0]?.experiment ?? 0;
  const scored = (entry: Entry): Entry =>
    entry.event === 'run-ended' && entry.experiment === first && entry.result.measurement
      ? { ...entry, result: { ...entry.result, measurement: { ...entry.result.measurement, value: 0.1 } } }
      : entry;
  const judged = (entry: Entry): Entry =>
    entry.event === 'verdict-given' && entry.experiment === first && entry.verdict.statistics
      ? { ...entry, verdict: { ...entry.verdict, statistics: { ...entry.verdict.statistics, mean: 0.1 } } }
      : entry;
  expect(findKeepDisagreements(edited(entries, scored), messages)[0]).toMatch(/^keep 1: its runs have a mean of 0\.1/);
  expect(findKeepDisagreements(edited(entries, judged), messages)[0]).toMatch(/^keep 1: its runs have a mean of 0\.4/);
  const both = edited(entries, (entry) => judged(scored(entry)));
  expect(findKeepDisagreements(both, messages)).toEqual([
    expect.stringMatching(/^keep 1: its commit gives the score as 0\.4\d+, the journal as 0\.1$/),
  ]);
});

it('a commit of another experiment, another number of runs or another gain is told', async () => {
  const entries = await studied();
  const history = historyOf(entries);
  const messages = messagesOf(entries);
  const [commit = '', message = ''] = [...messages][0] ?? [];
  for (const [from, to, what] of [
    [/^Experiment: .*$/m, 'Experiment: 9', 'the experiment as 9'],
    [/^Runs: .*$/m, 'Runs: 12', 'the number of runs as 12'],
    [/^Gain: \S+/m, 'Gain: 7.5', 'the gain as 7.5'],
    [/\((\S+) \S+ -> /, '($1 3.25 -> ', 'the score before as 3.25'],
  ] as const) {
    const changed = new Map(messages).set(commit, message.replace(from, to));
    expect(findKeepDisagreements(history, changed)).toEqual([expect.stringContaining(what)]);
  }
});
