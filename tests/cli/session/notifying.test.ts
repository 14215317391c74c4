import { expect, it } from 'vitest';
import { createNotifying } from '../../../src/cli/session/notifying.ts';
import type { Notice } from '../../../src/core/views/notices.ts';
import type { Channel, Told } from '../../../src/ports/channel.ts';
import { createJournal, scored } from '../../helpers/journal.ts';

const told: Told = { kind: 'told' };
const later = (retryAfterSeconds: number): Told => ({ kind: 'failed', reason: 'HTTP 429', retryAfterSeconds });

/** A channel that answers so, the last answer from then on. */
function channelThat(...answers: readonly (Told | 'never')[]) {
  const heard: Notice[] = [];
  const channel: Channel = {
    name: 'phone',
    tell: async (notice, signal) => {
      const answer = answers[Math.min(heard.length, answers.length - 1)] ?? told;
      heard.push(notice);
      if (answer !== 'never') return answer;
      return new Promise((resolve) =>
        signal.addEventListener('abort', () => resolve({ kind: 'failed', reason: 'no answer', retryAfterSeconds: 2 })),
      );
    },
  };
  return { channel, heard };
}

const journal = createJournal().baseline(scored(2)).experiment(scored(1), 'keep', 'the key is hunter2');
const kept = journal.entries.find((entry) => entry.event === 'verdict-given' && entry.experiment === 1);

function notifyingTo(channel: Channel) {
  const said: string[] = [];
  const waited: number[] = [];
  const notifying = createNotifying({
    channels: [channel],
    redact: (text) => text.replaceAll('hunter2', '[redacted]'),
    say: (line) => said.push(line),
    now: () => ({ at: '2024-11-23T23:00:00Z', live: 5 }),
    wait: async (seconds) => waited.push(seconds),
  });
  return { notifying, said, waited };
}

it('a notice is told once, without what is secret in the study', async () => {
  const { channel, heard } = channelThat(told);
  const { notifying, said } = notifyingTo(channel);
  if (kept) notifying.note(kept, journal.history());
  await notifying.close(false);
  expect(heard).toMatchObject([{ text: expect.stringContaining('the key is [redacted]') }]);
  expect(said).toEqual([]);
});

it('it is tried again after as long as the provider asks, four times at most, and a failure is said once', async () => {
  const { channel, heard } = channelThat(later(30), later(0), later(10_000));
  const { notifying, said, waited } = notifyingTo(channel);
  notifying.fail('nov23', 'one\nand more');
  notifying.fail('nov23', 'two');
  await notifying.close(false);
  expect(heard.map(({ text }) => text)).toEqual(['one', 'one', 'one', 'one', 'two', 'two', 'two', 'two']);
  expect(waited.slice(0, 3)).toEqual([30, 2, 120]);
  expect(said).toEqual([
    'warning: phone could not tell you "nov23: could not go on": HTTP 429. The study is not affected.',
  ]);
});

it('what would fail again is not tried again', async () => {
  const { channel, heard } = channelThat({ kind: 'failed', reason: 'HTTP 404' });
  const { notifying, said } = notifyingTo(channel);
  notifying.fail('nov23', 'one');
  await notifying.close(false);
  expect(heard).toHaveLength(1);
  expect(said).toHaveLength(1);
});

it('a provider that never answers holds the end of a study up for a moment only', async () => {
  const { channel, heard } = channelThat('never');
  const { notifying, said } = notifyingTo(channel);
  notifying.fail('nov23', 'one');
  await notifying.close(true);
  expect(heard).toHaveLength(1);
  expect(said).toHaveLength(1);
});
