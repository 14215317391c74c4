/**
 * What the owner is told of a running study on a phone or in a chat: a new best, trouble, the budget nearly spent, the end.
 *
 * A night's notices are few: what happens often is told once, and new bests at most every ten minutes, the latest of them.
 */
import { countText, formatAt, formatBytes, formatDuration, formatHours, formatUsd } from '../base/format.ts';
import { plainLine, plainText } from '../base/plain-text.ts';
import type { EntryOf } from '../journal/entry.ts';
import { failureText } from '../journal/failure-text.ts';
import { nothingHeldOut } from '../journal/fold-held-out.ts';
import { type ExperimentRecord, experimentOf, type History, isDropped, valuesOf } from '../journal/history.ts';
import type { Moment } from '../journal/live-time.ts';
import type { LoopEvent } from '../journal/loop-event.ts';
import { metricDecimals } from '../journal/metric-decimals.ts';
import { mean } from '../statistics/moments.ts';
import { gpuAwayText } from './conditions.ts';
import { countsText, figuresOfStudy, stopText } from './status.ts';
import { type StopRule, stopRulesOf } from './stop-rules.ts';

export type NoticeKind = 'best' | 'trouble' | 'budget' | 'finished' | 'test';

/** One thing to tell; without secrets once the study's marks are in. */
export interface Notice {
  readonly kind: NoticeKind;
  readonly tag: string;
  /** A few words, such as `nov29: new best 0.9712`. */
  readonly title: string;
  /** One to three lines. */
  readonly text: string;
}

/** Seconds between two notices of a new best. */
const bestEvery = 600;
/** Experiments without a score in a row that are trouble. */
const failuresInARow = 5;
/** Share of a limit from which on it is nearly spent. */
const nearlySpent = 0.9;

export interface Notices {
  /** The notices of an event, as the study stands after it. */
  readonly of: (event: LoopEvent, history: History, now: Moment & { readonly live: number }) => readonly Notice[];
}

/** Notices of one session. */
export function createNotices(): Notices {
  const told = new Set<string>();
  let waiting: number | undefined;
  let lastBest = Number.NEGATIVE_INFINITY;
  const once = (key: string, notice: Notice | undefined): readonly Notice[] => {
    if (!notice || told.has(key)) return [];
    told.add(key);
    return [notice];
  };
  const bests = (event: LoopEvent, history: History, live: number): readonly Notice[] => {
    if (event.event === 'verdict-given' && event.verdict.decision === 'keep' && event.experiment > 0)
      waiting = event.experiment;
    // The end tells of the best itself.
    if (waiting === undefined || event.event === 'study-stopped' || live - lastBest < bestEvery) return [];
    const record = experimentOf(history, waiting);
    waiting = undefined;
    lastBest = live;
    return [bestNotice(history, record)];
  };
  return {
    of: (event, history, now) => {
      const notices = [...bests(event, history, now.live)];
      if (event.event === 'study-stopped') return [...notices, ...endNotices(history, event, now.at)];
      notices.push(...once(`${event.event} ${'model' in event ? event.model : ''}`, outageNotice(event, history)));
      if (event.event === 'verdict-given') notices.push(...failures(history));
      if (event.event === 'verdict-given' || event.event === 'run-progressed' || event.event === 'model-called')
        for (const { rule, used, max } of stopRulesOf(history, now))
          if (rule !== 'plateau' && used >= nearlySpent * max)
            notices.push(
              ...once(`${rule} ${max}`, budgetNotice(history, `${amountText[rule](used)} of ${amountText[rule](max)}`)),
            );
      // What was away and comes back may go away again.
      if (event.event === 'gpu-back') told.delete('gpu-away ');
      if (event.event === 'room-found') told.delete('room-awaited ');
      return notices;
    },
  };
}

/** That a study ended by an error: its message alone. */
export function errorNotice(tag: string, message: string): Notice {
  return { kind: 'trouble', tag, title: `${tag}: could not go on`, text: plainText(message).split('\n')[0] ?? '' };
}

/** What `doctor --notify` sends. */
export function testNotice(tag: string): Notice {
  return { kind: 'test', tag, title: `${tag}: a test`, text: 'Notices of this study will arrive here.' };
}

function bestNotice(history: History, { experiment, proposal }: ExperimentRecord): Notice {
  const { name } = history.frozen.metric;
  return {
    kind: 'best',
    tag: history.tag,
    title: `${history.tag}: new best ${name} ${scoreOf(history, experiment)}`,
    text: `Experiment ${experiment}: ${plainLine(proposal?.title ?? '')}\n${name} ${scoreOf(history, 0)} at the start`,
  };
}

function scoreOf(history: History, experiment: number): string {
  const values = valuesOf(experimentOf(history, experiment));
  return values.length === 0 ? 'without a score' : formatAt(mean(values), metricDecimals(history));
}

/** What keeps a study from going on as it should. */
function outageNotice(event: LoopEvent, { tag }: History): Notice | undefined {
  const trouble = (title: string, text: string): Notice => ({ kind: 'trouble', tag, title: `${tag}: ${title}`, text });
  switch (event.event) {
    case 'gpu-away':
      return trouble('waits for its GPU', `${gpuAwayText(event)}; it goes on when the GPU can be used.`);
    case 'model-away':
      return trouble(`${plainLine(event.model)} is away`, `${plainLine(event.message)} (${event.code})`);
    case 'room-awaited':
      return trouble('waits for room on the disk', `${formatBytes(event.free)} are free.`);
    default:
      return undefined;
  }
}

/** Told when the row of failures reaches its length, and not again while it grows. */
function failures(history: History): readonly Notice[] {
  const latest = history.settled.slice(-failuresInARow - 1).map((each) => experimentOf(history, each));
  const failed = latest.map((record) => record.experiment > 0 && !isDropped(record) && valuesOf(record).length === 0);
  const isRow = failed.slice(-failuresInARow).every(Boolean) && failed.length >= failuresInARow;
  if (!isRow || (failed.length > failuresInARow && failed[0] === true)) return [];
  const last = latest.at(-1);
  const reason = failureText(last?.runs.at(-1)?.result?.outcome, last?.verdict?.reason ?? '');
  const { tag } = history;
  const title = `${tag}: the last ${failuresInARow} experiments failed`;
  return [{ kind: 'trouble', tag, title, text: `Experiment ${last?.experiment}: ${plainLine(reason)}` }];
}

/** An amount of each rule, in words; a plateau is none that is spent. */
const amountText: Readonly<Record<Exclude<StopRule['rule'], 'plateau'>, (amount: number) => string>> = {
  experiments: (amount) => countText(amount, 'experiment'),
  hours: (amount) => `${formatHours(amount)} hours`,
  usd: (amount) => `${formatUsd(amount)} USD`,
  tokens: (amount) => countText(amount, 'token'),
  gpu_hours: (amount) => `${formatHours(amount)} GPU hours`,
};

function budgetNotice({ tag }: History, used: string): Notice {
  const text = `${used} are used; \`nocturne extend --tag ${tag}\` gives more.`;
  return { kind: 'budget', tag, title: `${tag}: the budget is nearly spent`, text };
}

/** What a study came to; nothing for a stop that the owner asked for at this machine. */
function endNotices(history: History, { reason, detail }: EntryOf<'study-stopped'>, at: string): readonly Notice[] {
  if (reason === 'stopped' && !/SIG(HUP|TERM)/.test(detail)) return [];
  const { tag, incumbent } = history;
  const status = figuresOfStudy({ history, heldOut: nothingHeldOut() }, at, false, undefined);
  const { name } = history.frozen.metric;
  const best =
    incumbent === 0
      ? `nothing was kept, ${name} ${scoreOf(history, 0)}`
      : `${name} ${scoreOf(history, 0)} -> ${scoreOf(history, incumbent)}`;
  const text = [
    `${countsText(status)}, in ${formatDuration(status.spent.hours * 3600)}`,
    `${stopText({ reason, detail: plainLine(detail) })}.`,
  ].join('\n');
  const isTrouble = reason === 'paused';
  return [
    isTrouble
      ? { kind: 'trouble', tag, title: `${tag}: stopped, it could not go on`, text }
      : { kind: 'finished', tag, title: `${tag}: finished, ${best}`, text },
  ];
}
