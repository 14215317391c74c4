/**
 * Tells the owner of a study through channels while the loop runs: each notice is fire and forget, tried a few times, and never
 * waited for but for a few seconds at the end. A channel that fails is said once, and ends nothing.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { History } from '../../core/journal/history.ts';
import type { Moment } from '../../core/journal/live-time.ts';
import type { LoopEvent } from '../../core/journal/loop-event.ts';
import { createNotices, errorNotice, type Notice } from '../../core/views/notices.ts';
import type { Channel } from '../../ports/channel.ts';

export interface NotifyingOptions {
  readonly channels: readonly Channel[];
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
  readonly say: (line: string) => void;
  readonly now: () => Moment & { readonly live: number };
  /** Resolves after so many seconds, or at the signal. */
  readonly wait?: (seconds: number, signal: AbortSignal) => Promise<unknown>;
}

export interface Notifying {
  /** Takes an event of the loop; `history` is as it is after it. */
  readonly note: (event: LoopEvent, history: History | undefined) => void;
  /** That the study ended by this error. */
  readonly fail: (tag: string, message: string) => void;
  /** Waits for what is under way, a few seconds at most; less after a Ctrl-C. */
  readonly close: (isHurried: boolean) => Promise<void>;
}

const maxTries = 4;
/** The longest wait between two tries, in seconds, whatever a provider asks for. */
const maxWait = 120;
const goodbyeMilliseconds = 5000;
const shortGoodbyeMilliseconds = 1500;

/** Notices of one session. */
export function createNotifying(options: NotifyingOptions): Notifying {
  const { channels, redact, say, now, wait = pause } = options;
  const notices = createNotices();
  const ending = new AbortController();
  const failed = new Set<string>();
  /** By channel, what is under way: its notices arrive one after the other. */
  const working = new Map<string, Promise<void>>();

  const deliver = async (channel: Channel, notice: Notice): Promise<void> => {
    let reason = 'the study ended first';
    for (let tries = 1; tries <= maxTries && !ending.signal.aborted; tries++) {
      const told = await channel.tell(notice, ending.signal);
      if (told.kind === 'told') return;
      reason = told.reason;
      if (told.retryAfterSeconds === undefined) break;
      if (tries < maxTries)
        await wait(Math.min(maxWait, Math.max(told.retryAfterSeconds, 2 ** (tries - 1))), ending.signal);
    }
    if (failed.has(channel.name)) return;
    failed.add(channel.name);
    say(`warning: ${channel.name} could not tell you "${notice.title}": ${reason}. The study is not affected.`);
  };

  const tellAll = (notice: Notice): void => {
    const masked = { ...notice, title: redact(notice.title), text: redact(notice.text) };
    for (const channel of channels) {
      const before = working.get(channel.name) ?? Promise.resolve();
      working.set(
        channel.name,
        before.then(() => deliver(channel, masked)),
      );
    }
  };

  return {
    note: (event, history) => {
      if (!history || channels.length === 0) return;
      for (const notice of notices.of(event, history, now())) tellAll(notice);
    },
    fail: (tag, message) => tellAll(errorNotice(tag, message)),
    close: async (isHurried) => {
      const timer = setTimeout(() => ending.abort(), isHurried ? shortGoodbyeMilliseconds : goodbyeMilliseconds);
      await Promise.all(working.values());
      clearTimeout(timer);
    },
  };
}

async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  await delay(seconds * 1000, undefined, { signal }).catch(() => {});
}
