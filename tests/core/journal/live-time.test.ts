import { describe, expect, it } from 'vitest';
import { liveHours } from '../../../src/core/decide/stopping.ts';
import type { Entry, EntryBody } from '../../../src/core/journal/entry.ts';
import { foldHistory } from '../../../src/core/journal/fold.ts';
import type { History } from '../../../src/core/journal/history.ts';
import { createJournal, session } from '../../helpers/journal.ts';

const began = Date.parse('2024-11-23T22:00:00Z');
const at = (seconds: number) => new Date(began + seconds * 1000).toISOString();
const [start] = createJournal().entries;

/** A study that starts at 0 s, with these entries, each at its second of the day; its controllers' clocks start anew with each session. */
function studyOf(...bodies: readonly (readonly [seconds: number, body: EntryBody])[]): History {
  if (!start) throw new Error('a journal begins with a start');
  let origin = 0;
  const entries: Entry[] = [{ ...start, seq: 1, at: at(0), live: 7 }];
  for (const [seconds, body] of bodies) {
    if (body.event === 'study-resumed') origin = seconds;
    entries.push({ ...body, seq: entries.length + 1, at: at(seconds), live: seconds - origin + 7 });
  }
  const history = foldHistory(entries);
  if (!history) throw new Error('the study has begun');
  return history;
}

const secondsOf = (history: History, moment = { at: history.lastAt }) => Math.round(liveHours(history, moment) * 3600);

const pause = { event: 'study-paused', id: 'a' } as const;
const resume = { event: 'pause-ended', id: 'b' } as const;
const note = { event: 'note-read', text: 'here' } as const;
const stop = { event: 'study-stopped', reason: 'stopped', detail: '' } as const;
const goOn = { event: 'study-resumed', session, changed: [], isolation: 'none' } satisfies EntryBody;

describe('live time', () => {
  it('stands still while the owner has paused the study', () => {
    const history = studyOf([100, pause]);
    expect(secondsOf(history, { at: at(5000), live: 5007 } as never)).toBe(100);
    expect(secondsOf(history, { at: at(5000) })).toBe(100);
  });

  it('runs on from where it stood when the pause has ended', () => {
    expect(secondsOf(studyOf([100, pause], [1000, resume]))).toBe(100);
    expect(secondsOf(studyOf([100, pause], [1000, resume], [1200, note]))).toBe(300);
    expect(secondsOf(studyOf([100, pause], [1000, resume], [1200, pause], [1900, resume], [2000, note]))).toBe(400);
  });

  it('stands still through sessions of a study that stays paused', () => {
    const paused = studyOf([100, pause], [200, stop], [900, goOn], [1500, stop], [2000, goOn]);
    expect(secondsOf(paused, { at: at(2400) })).toBe(100);
    const resumed = studyOf([100, pause], [200, stop], [900, goOn], [1500, resume], [1600, note]);
    expect(secondsOf(resumed)).toBe(200);
  });

  it('knows nothing of a pause that ended while no controller worked on the study', () => {
    const idle = { ...resume, isIdle: true } as const;
    const crashed = studyOf([100, pause], [200, note], [9000, idle]);
    expect([secondsOf(crashed), crashed.ownerPauses[0]?.until]).toEqual([100, at(9000)]);
    expect(secondsOf(studyOf([100, pause], [200, note], [9000, idle], [9500, goOn], [9550, note]))).toBe(150);
  });

  it('knows nothing of an extension that came days later', () => {
    const extend = { event: 'stop-extended', id: 'c', from: { hours: 1 }, to: { hours: 2 } } as const;
    expect(secondsOf(studyOf([100, { ...stop, reason: 'hours' }], [90_000, extend]))).toBe(100);
    expect(secondsOf(studyOf([100, note], [90_000, { ...extend, isIdle: true }]))).toBe(100);
  });

  it('a rule that ends a paused study ends its pause', () => {
    const history = studyOf([100, pause], [150, { ...stop, reason: 'plateau' }]);
    expect([secondsOf(history), history.ownerPauses[0]?.until]).toEqual([100, at(150)]);
  });
});
