import { describe, expect, it } from 'vitest';
import {
  type AbsenceNews,
  type AbsenceOptions,
  withAbsence,
} from '../../../src/adapters/researchers/away-researcher.ts';
import type { ModelFault } from '../../../src/ports/model.ts';
import type { ProposalReply, ResearcherNews } from '../../../src/ports/researcher.ts';
import { requestFor } from '../../contracts/researcher-contract.ts';
import { createFakeClock } from '../../helpers/fake-clock.ts';

const busy: ModelFault = { kind: 'fault', action: 'wait', code: 'overloaded', message: 'Overloaded.' };
const broke: ModelFault = { kind: 'fault', action: 'pause', code: 'quota-exhausted', message: 'No credit.' };
const away = (fault: ModelFault): ProposalReply => ({ kind: 'away', model: 'openai:x', fault });
const proposal: ProposalReply = {
  kind: 'proposal',
  proposal: { title: 'An idea', hypothesis: '', kind: 'knobs', edits: [] },
};
const { signal } = new AbortController();
const usage = { uncachedInput: 10, cachedInput: 0, cacheWrite: 0, output: 1 };
const called = [{ model: 'x', asked: 'openai:x', outcome: 'answer', usage }];
const minutes = (count: number) => count * 60_000;

/** A researcher of these replies, the last one for ever, whose probes find these faults, or that it can be asked. */
async function study(
  replies: readonly ProposalReply[],
  found: readonly (ModelFault | undefined)[],
  more: Partial<AbsenceOptions> = {},
  record?: (entry: ResearcherNews) => Promise<unknown>,
) {
  const clock = createFakeClock();
  const news: AbsenceNews[] = [];
  const recorded: ResearcherNews[] = [];
  const counts = { asked: 0, probed: 0 };
  const researcher = withAbsence(
    {
      name: 'llm',
      propose: async () => {
        counts.asked += 1;
        return replies[counts.asked - 1] ?? replies.at(-1) ?? proposal;
      },
    },
    {
      model: 'openai:x',
      clock,
      hasStandIn: true,
      probe: async () => {
        counts.probed += 1;
        const fault = found[counts.probed - 1];
        return fault ? { fault, called: [] } : { called };
      },
      ending: signal,
      tell: (said) => news.push(said),
      ...more,
    },
  );
  const request = await requestFor(undefined, { record: record ?? (async (entry) => recorded.push(entry)) });
  return { clock, news, recorded, counts, researcher, propose: () => researcher.propose(request, signal) };
}

describe('beside a stand-in', () => {
  it('once it is away it is not asked in front of a run, and a probe that is answered brings it back for the next proposal', async () => {
    const { clock, counts, propose, recorded, news } = await study([away(busy), proposal], [undefined]);
    expect(await propose()).toMatchObject({ kind: 'away', fault: { code: 'overloaded', retryAfterSeconds: 60 } });
    await clock.advance(minutes(1) - 1);
    expect(await propose()).toMatchObject({ kind: 'away' });
    expect(counts).toEqual({ asked: 1, probed: 0 });
    await clock.advance(1);
    expect(await propose()).toMatchObject({ kind: 'away' });
    expect(counts).toEqual({ asked: 1, probed: 1 });
    await clock.advance(1000);
    expect(await propose()).toBe(proposal);
    expect(recorded).toEqual([{ event: 'model-called', experiment: 1, attempt: 0, purpose: 'probe', ...called[0] }]);
    expect(news.map(({ kind }) => kind)).toEqual(['away', 'back']);
  });

  it('a request during a probe does not wait for it', async () => {
    const { clock, counts, propose } = await study([away(busy)], [], { probe: () => new Promise(() => undefined) });
    await propose();
    await clock.advance(minutes(2));
    for (let request = 0; request < 3; request++) expect(await propose()).toMatchObject({ kind: 'away' });
    expect(counts.asked).toBe(1);
  });

  it('an outage is probed after one, two, four … minutes, and at least every quarter of an hour', async () => {
    const { clock, counts, propose } = await study([away(busy)], Array(100).fill(busy));
    const times: number[] = [];
    for (let second = 0; second < 2 * 3600; second += 10) {
      const before = counts.probed;
      await propose();
      if (counts.probed > before) times.push(second);
      await clock.advance(10_000);
    }
    expect(times.slice(0, 5)).toEqual([60, 180, 420, 900, 1800]);
    expect(times.length).toBeLessThan(13);
  });

  it.each([
    ['an empty account every quarter of an hour', broke, 900],
    ['an agent when its limit ends', { ...broke, code: 'rate-limited', retryAfterSeconds: 1800 } as const, 1800],
    ['after an hour where the provider asks for more', { ...broke, retryAfterSeconds: 7 * 3600 }, 3600],
    ['not sooner than the provider asks', { ...busy, retryAfterSeconds: 300 }, 300],
  ])('it asks %s', async (_, fault, seconds) => {
    const { clock, counts, propose } = await study([away(fault)], [fault]);
    await propose();
    await clock.advance(seconds * 1000 - 1000);
    await propose();
    expect(counts.probed).toBe(0);
    await clock.advance(1000);
    await propose();
    expect(counts.probed).toBe(1);
  });

  it('a model that answers probes and fails at proposals is asked less and less', async () => {
    const { clock, counts, propose } = await study([away(busy)], []);
    for (let second = 0; second < 8 * 3600; second += 60) {
      await propose();
      await clock.advance(60_000);
    }
    expect(counts.asked).toBeLessThan(20);
  });

  it('what has no small call is asked by a request when its time has come', async () => {
    const { clock, counts, propose } = await study([away(broke), proposal], [], { probe: undefined });
    await propose();
    await clock.advance(minutes(14));
    expect(await propose()).toMatchObject({ kind: 'away' });
    await clock.advance(minutes(1));
    expect(await propose()).toBe(proposal);
    expect(counts.asked).toBe(2);
  });

  it('a probe that throws ends the study at the next request, as a request that throws does', async () => {
    const probe: AbsenceOptions['probe'] = async () => Promise.reject(new Error('a bug'));
    const { clock, propose } = await study([away(busy)], [], { probe });
    await propose();
    await clock.advance(minutes(1));
    expect(await propose()).toMatchObject({ kind: 'away' });
    await clock.advance(1);
    await expect(propose()).rejects.toThrow('a bug');
  });

  it('what a probe cannot journal any more, because the session has ended, is no error', async () => {
    const ending = new AbortController();
    const probe: AbsenceOptions['probe'] = async () => ({ called });
    const record = async () => {
      ending.abort();
      throw new Error('the journal is closed');
    };
    const { clock, propose } = await study([away(busy)], [], { probe, ending: ending.signal }, record);
    await propose();
    await clock.advance(minutes(1));
    await propose();
    await clock.advance(1);
    expect(await propose()).toMatchObject({ kind: 'away' });
  });

  it('a probe that the end of the session cuts short is not journalled', async () => {
    const ending = new AbortController();
    const probe: AbsenceOptions['probe'] = async (end) => {
      await new Promise((resolve) => end.addEventListener('abort', resolve));
      return { called };
    };
    const { clock, propose, recorded, news } = await study([away(busy)], [], { probe, ending: ending.signal });
    await propose();
    await clock.advance(minutes(1));
    await propose();
    ending.abort();
    await clock.advance(1000);
    expect(recorded).toEqual([]);
    expect(news.map(({ kind }) => kind)).toEqual(['away']);
  });
});

describe('alone', () => {
  const alone = { hasStandIn: false };

  it('exhausted quota costs one request per quarter of an hour, however often it is asked', async () => {
    const { clock, counts, propose } = await study([away(broke)], [], alone);
    for (let minute = 0; minute < 8 * 60; minute += 1) {
      expect(await propose()).toMatchObject({ kind: 'away', fault: { code: 'quota-exhausted' } });
      await clock.advance(60_000);
    }
    expect(counts).toEqual({ asked: (8 * 60) / 15, probed: 0 });
  });

  it('what passes with time is asked again at once: its patience is spent in the call', async () => {
    const { counts, propose } = await study([away(busy), away(busy), proposal], [], alone);
    await propose();
    await propose();
    expect(await propose()).toBe(proposal);
    expect(counts.asked).toBe(3);
  });

  it('going away and coming back are told once each', async () => {
    const { clock, news, propose } = await study([away(broke), away(broke), proposal], [], alone);
    for (let request = 0; request < 4; request += 1) {
      await propose();
      await clock.advance(minutes(15));
    }
    expect(news).toMatchObject([
      { kind: 'away', reply: { fault: { code: 'quota-exhausted' } }, askedInSeconds: 900 },
      { kind: 'back', awaySeconds: 1800 },
    ]);
  });
});

describe('the first call', () => {
  const remedyFor = ({ code }: ModelFault) => (code === 'quota-exhausted' ? 'Add credit.' : undefined);

  it('of a model that can never be asked makes it away from the start, where something else proposes', async () => {
    const { counts, propose, researcher } = await study([proposal], [broke], { remedyFor });
    expect(await researcher.firstCall?.(signal)).toMatchObject({ away: { fault: broke, remedy: 'Add credit.' } });
    expect(await propose()).toMatchObject({ kind: 'away', remedy: 'Add credit.' });
    expect(counts.asked).toBe(0);
  });

  it('of a model that is only busy changes nothing', async () => {
    const { propose, researcher } = await study([proposal], [busy], { remedyFor });
    const found = await researcher.firstCall?.(signal);
    expect(found).toMatchObject({ away: { fault: busy } });
    expect(found?.away?.remedy).toBeUndefined();
    expect(await propose()).toBe(proposal);
  });

  it('gives what is to be journalled', async () => {
    const { researcher } = await study([proposal], []);
    expect(await researcher.firstCall?.(signal)).toEqual({ model: 'openai:x', called });
  });
});
