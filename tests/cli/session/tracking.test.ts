import { expect, it } from 'vitest';
import { createTracking } from '../../../src/cli/session/tracking.ts';
import type { TrackerStates } from '../../../src/cli/study-folder/tracker-states.ts';
import type { Tracker } from '../../../src/ports/tracker.ts';
import { createJournal, scored } from '../../helpers/journal.ts';
import { until } from '../../helpers/until.ts';

const tracker: Tracker = { place: 'a place', has: async () => true, send: async () => {} };
const journal = createJournal().baseline(scored(2)).experiment(scored(1), 'keep');
const verdicts = journal.entries.filter((entry) => entry.event === 'verdict-given');

/** A tracking whose sendings answer so, the last answer from then on. */
function trackingThat(...answers: readonly ('sent' | 'never' | Error)[]) {
  const said: string[] = [];
  const kept: TrackerStates[] = [];
  let sendings = 0;
  const tracking = createTracking({
    trackers: [{ name: 'mlflow', tracker }],
    tag: 'night',
    minPauseMilliseconds: 1,
    say: (line) => said.push(line),
    clean: (text) => text.replace('hunter2', '[redacted]'),
    now: () => 'now',
    keep: async (states) => void kept.push(states),
    send: async () => {
      const answer = answers[Math.min(sendings++, answers.length - 1)];
      if (answer instanceof Error) throw answer;
      if (answer === 'never') await new Promise(() => {});
    },
  });
  const note = () => verdicts.forEach((entry) => void tracking.note(entry));
  return { tracking, note, said, kept, sendings: () => sendings };
}

it('verdicts are sent in the background, and what came last at the end', async () => {
  const { tracking, note, said, sendings } = trackingThat('sent');
  note();
  await until(() => sendings() === 1);
  note();
  await tracking.close(false);
  expect(sendings()).toBeGreaterThan(1);
  expect(said).toEqual(['Study night is in mlflow: a place.']);
});

it('a study without news is not sent, and nothing is said of it', async () => {
  const { tracking, said, sendings } = trackingThat('sent');
  for (const entry of journal.entries) if (entry.event !== 'verdict-given') tracking.note(entry);
  await tracking.close(false);
  expect([sendings(), said]).toEqual([0, []]);
});

it('a failure is said once and tried again without another verdict, and its end is said', async () => {
  const { tracking, note, said, sendings } = trackingThat(new Error('no answer.'), new Error('no answer.'), 'sent');
  note();
  await until(() => sendings() === 3);
  await tracking.close(false);
  expect(said).toEqual([
    'warning: the study is not sent to mlflow for now: no answer. It is tried again; the study goes on.',
    'mlflow takes the study again.',
    'Study night is in mlflow: a place.',
  ]);
});

it('what is missing at the end is said with the command that sends it', async () => {
  const { tracking, note, said } = trackingThat(new Error('no answer.'));
  note();
  await tracking.close(false);
  expect(said.at(-1)).toBe(
    'warning: mlflow lacks a part of study night: no answer. `nocturne export --to mlflow --tag night` sends it.',
  );
});

it('a tracker that never answers holds the end of a study up for a few seconds only', async () => {
  const { tracking, note, said } = trackingThat('never');
  note();
  await tracking.close(true);
  expect(said.at(-1)).toContain('there was no more time for it');
});

it('how the last sending went is kept, a failure with its time and without secrets', async () => {
  const { tracking, note, kept } = trackingThat('sent', new Error('no answer from hunter2.'));
  await until(() => kept.length === 1);
  expect(kept).toEqual([{ mlflow: { place: 'a place' } }]);
  note();
  await until(() => kept.length === 2);
  expect(kept.at(-1)).toEqual({ mlflow: { place: 'a place', sentAt: 'now' } });
  note();
  await tracking.close(false);
  const failure = { at: 'now', reason: 'no answer from [redacted].' };
  expect(kept.at(-1)).toEqual({ mlflow: { place: 'a place', sentAt: 'now', failure } });
});
