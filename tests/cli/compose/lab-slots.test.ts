import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { elsewhere, wholeMachine } from '../../../src/adapters/slots/open-slots.ts';
import { openLabSlots } from '../../../src/cli/compose/lab-slots.ts';
import type { Brief } from '../../../src/core/brief/brief.ts';
import type { RunResult } from '../../../src/core/journal/run.ts';
import type { JobState } from '../../../src/ports/engine.ts';
import { scriptedBrief } from '../../../src/testing/index.ts';
import { createJournal, scored } from '../../helpers/journal.ts';

async function open(brief: Partial<Brief>, { isAway = false, ran = [] as readonly RunResult[] } = {}) {
  const told: string[] = [];
  const { entries } = ran.length === 0 ? createJournal() : createJournal().baseline(...ran);
  const given = { ...scriptedBrief, gpus: 0, ...brief };
  const slots = await openLabSlots({ brief: given, isAway, entries, tell: (message) => void told.push(message) });
  return { ...slots, told };
}

/** A run whose training ended with this peak. */
function ended(peakMemoryMb: number): JobState {
  const stage = { name: 'train' as const, exitCode: 0, signal: null, seconds: 1, cpuSeconds: 1, peakMemoryMb };
  return { kind: 'ended', end: { ending: 'exited', stages: [stage], seconds: 1 } };
}

const more = 1e9; // MiB: more than any machine has free

describe('the slots of a lab', () => {
  it('are as many as asked', async () => {
    const { count, dealt } = await open({ slots: 3 });
    expect(count()).toBe(3);
    expect(dealt.each).toHaveLength(3);
  });

  it('are those of the engine where runs are on other machines', async () => {
    const { count, dealt } = await open({ slots: 7 }, { isAway: true });
    expect(count()).toBe(7);
    expect(dealt).toBe(elsewhere);
  });

  it.runIf(availableParallelism() > 1)(
    'with auto are no more than the memory has room for, as is said once',
    async () => {
      const { count, learn, told } = await open({ slots: 'auto' });
      expect(count()).toBeGreaterThan(1);
      learn({ id: '0001/run-1', folder: '' }, ended(more));
      expect(count()).toBeGreaterThan(1);
      learn({ id: '0000/run-1', folder: '' }, ended(more));
      learn({ id: '0000/run-2', folder: '' }, ended(more));
      expect(count()).toBe(1);
      expect(told).toEqual([
        expect.stringMatching(/^1 run at once, of \d+ that there are slots for: \d+ MiB of memory/),
      ]);
    },
  );

  it.runIf(availableParallelism() > 1)('with auto are bounded by what the journal knows of the baseline', async () => {
    const { count } = await open({ slots: 'auto' }, { ran: [{ ...scored(2), peakMemoryMb: more }] });
    expect(count()).toBe(1);
  });

  it('that the owner counts are bounded by nothing', async () => {
    const { count, learn } = await open({ slots: 3 });
    learn({ id: '0000/run-1', folder: '' }, ended(more));
    expect(count()).toBe(3);
  });

  it('of a lone run are the whole machine, but in a study that has said on what it runs', async () => {
    expect((await open({ slots: 1, gpus: undefined })).dealt).toBe(wholeMachine);
    const where = { node: 'a', device: 'b' };
    const { dealt } = await open({ slots: 1, gpus: undefined }, { ran: [{ ...scored(2), where }] });
    expect(dealt).toMatchObject({ where: { device: expect.any(String) } });
  });
});
