/**
 * Sends a study to its trackers while the loop runs: what is new after each experiment, in the background, one sending at a time for
 * each tracker.
 *
 * How the last sending went is kept for `status`. A tracker that fails neither slows nor ends the study: it is said once, and tried again, at the end of the study for the last
 * time. What is missing then, the next session or `nocturne export` sends.
 */
import { unlessAborted } from '../../adapters/unless-aborted.ts';
import { createTurns } from '../../core/base/turns.ts';
import type { LoopEvent } from '../../core/journal/loop-event.ts';
import type { OpenTracker } from '../compose/trackers.ts';
import type { TrackerState, TrackerStates } from '../study-folder/tracker-states.ts';

export interface TrackingOptions {
  readonly trackers: readonly OpenTracker[];
  readonly tag: string;
  /** Sends what is new to one of them; rejects where it cannot. */
  readonly send: (to: OpenTracker, signal: AbortSignal) => Promise<unknown>;
  readonly say: (line: string) => void;
  /** Makes the reason of a failure fit to be shown and kept. */
  readonly clean: (text: string) => string;
  /** Keeps how the last sendings went; called one at a time. */
  readonly keep: (states: TrackerStates) => Promise<void>;
  /** An ISO time. */
  readonly now: () => string;
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
  const keeper = createKeeper(options);
  const senders = options.trackers.map((tracker) => createSender(tracker, options, keeper, ending.signal));
  return {
    note: (event) => {
      if (newsEvents.has(event.event)) for (const sender of senders) sender.want();
    },
    close: async (isHurried) => {
      const timer = setTimeout(() => ending.abort(), isHurried ? shortGoodbyeMilliseconds : goodbyeMilliseconds);
      await Promise.all(senders.map((sender) => sender.close()));
      clearTimeout(timer);
      await keeper.settled();
    },
  };
}

interface Keeper {
  readonly note: (name: OpenTracker['name'], news: Omit<TrackerState, 'place'>) => void;
  readonly settled: () => Promise<unknown>;
}

/** Keeps the states of all trackers; one that cannot be written, such as on a full disk, is written with the next. */
function createKeeper({ trackers, keep }: TrackingOptions): Keeper {
  const states = new Map<string, TrackerState>(trackers.map(({ name, tracker: { place } }) => [name, { place }]));
  const inTurn = createTurns();
  let writing: Promise<unknown> = Promise.resolve();
  const write = () => {
    writing = inTurn(() => keep(Object.fromEntries(states))).catch(() => {});
  };
  write();
  return {
    note: (name, news) => {
      const { place = '', sentAt } = states.get(name) ?? {};
      states.set(name, { place, ...(sentAt !== undefined && { sentAt }), ...news });
      write();
    },
    settled: () => writing,
  };
}

interface Sender {
  readonly want: () => void;
  readonly close: () => Promise<void>;
}

function createSender(to: OpenTracker, options: TrackingOptions, keeper: Keeper, ending: AbortSignal): Sender {
  const { send, say, tag, clean, now, minPauseMilliseconds = defaultPauseMilliseconds } = options;
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
      keeper.note(to.name, { sentAt: now() });
    } catch (error) {
      isWanted = true;
      const message = clean(messageOf(error, signal));
      keeper.note(to.name, { failure: { at: now(), reason: message } });
      if (failure === undefined && !isClosed)
        say(`warning: the study is not sent to ${to.name} for now: ${message} It is tried again; the study goes on.`);
      failure = message;
    }
    const ended = performance.now();
    const pause = Math.max(minPauseMilliseconds, (ended - begun) * pausePerSending);
    nextAt = ended + Math.min(maxPauseMilliseconds, pause);
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
