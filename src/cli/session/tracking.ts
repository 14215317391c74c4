/**
 * Sends a study to its trackers while the loop runs: what is new after each experiment, in the background, one sending at a time for
 * each tracker.
 *
 * A tracker that fails neither slows nor ends the study: it is said once, and tried again, at the end of the study for the last
 * time. What is missing then, the next session or `nocturne export` sends.
 */
import { unlessAborted } from '../../adapters/unless-aborted.ts';
import type { LoopEvent } from '../../core/journal/loop-event.ts';
import type { OpenTracker } from '../compose/trackers.ts';

export interface TrackingOptions {
  readonly trackers: readonly OpenTracker[];
  readonly tag: string;
  /** Sends what is new to one of them; rejects where it cannot. */
  readonly send: (to: OpenTracker, signal: AbortSignal) => Promise<unknown>;
  readonly say: (line: string) => void;
  /** The shortest time between two sendings. */
  readonly minPauseMilliseconds?: number;
}

export interface Tracking {
  /** Takes an event of the loop; an experiment that has its last word is sent soon. */
  readonly note: (event: LoopEvent) => void;
  /** Sends what is left, within a time limit, and says what is missing; sooner after a Ctrl-C. */
  readonly close: (isHurried: boolean) => Promise<void>;
}

/** The events after which there may be news. */
const newsEvents: ReadonlySet<LoopEvent['event']> = new Set(['study-resumed', 'verdict-given', 'keep-withdrawn']);

const defaultPauseMilliseconds = 5000;
/** Pause after a sending, in multiples of the time that it took, and at most. */
const pausePerSending = 20;
const maxPauseMilliseconds = 600_000;
const limitMilliseconds = 300_000;
const goodbyeMilliseconds = 60_000;
const shortGoodbyeMilliseconds = 5000;

/** The trackers of one session. */
export function createTracking(options: TrackingOptions): Tracking {
  const ending = new AbortController();
  const senders = options.trackers.map((tracker) => createSender(tracker, options, ending.signal));
  return {
    note: (event) => {
      if (newsEvents.has(event.event)) for (const sender of senders) sender.want();
    },
    close: async (isHurried) => {
      const timer = setTimeout(() => ending.abort(), isHurried ? shortGoodbyeMilliseconds : goodbyeMilliseconds);
      await Promise.all(senders.map((sender) => sender.close()));
      clearTimeout(timer);
    },
  };
}

interface Sender {
  readonly want: () => void;
  readonly close: () => Promise<void>;
}

function createSender(to: OpenTracker, options: TrackingOptions, ending: AbortSignal): Sender {
  const { send, say, tag, minPauseMilliseconds = defaultPauseMilliseconds } = options;
  let isWanted = false;
  let isClosed = false;
  let wasSent = false;
  let failure: string | undefined;
  let working: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let nextAt = 0;

  const attempt = async (): Promise<void> => {
    isWanted = false;
    const begun = performance.now();
    const signal = AbortSignal.any([AbortSignal.timeout(limitMilliseconds), ending]);
    try {
      // It may not listen to the signal itself.
      await unlessAborted(signal, () => send(to, signal));
      if (failure !== undefined) say(`${to.name} takes the study again.`);
      failure = undefined;
      wasSent = true;
    } catch (error) {
      isWanted = true;
      const message = messageOf(error, signal);
      if (failure === undefined && !isClosed)
        say(`warning: the study is not sent to ${to.name} for now: ${message} It is tried again; the study goes on.`);
      failure = message;
    }
    const now = performance.now();
    const pause = Math.max(minPauseMilliseconds, (now - begun) * pausePerSending);
    nextAt = now + Math.min(maxPauseMilliseconds, pause);
  };

  const work = async (): Promise<void> => {
    timer = undefined;
    await attempt();
    working = undefined;
    if (isWanted) schedule();
  };

  const schedule = (): void => {
    if (isClosed || working || timer) return;
    const begin = () => {
      working = work();
    };
    timer = setTimeout(begin, Math.max(0, nextAt - performance.now())).unref();
  };

  return {
    want: () => {
      isWanted = true;
      schedule();
    },
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await working;
      if (isWanted) await attempt();
      if (isWanted)
        say(
          `warning: ${to.name} lacks a part of study ${tag}: ${failure} \`nocturne export --to ${to.name} --tag ${tag}\` sends it.`,
        );
      else if (wasSent) say(`Study ${tag} is in ${to.name}: ${to.tracker.place}.`);
    },
  };
}

function messageOf(error: unknown, { reason }: AbortSignal): string {
  if (error === reason) return 'there was no more time for it.';
  return error instanceof Error ? error.message : String(error);
}
