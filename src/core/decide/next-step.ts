/**
 * What may be done now, as one pure function of the history.
 *
 * Starting, resuming after a crash, repeating a run and going on are all this one path: the loop performs the steps,
 * journals them, and asks again. With one slot, and nothing thought of ahead, there is one step at a time.
 */
import { ok } from '../base/errors.ts';
import { runsAlone } from '../journal/alone.ts';
import { freeSlots } from '../journal/free-slots.ts';
import { countedRuns, currentGpuPause, currentOwnerPause, experimentOf, type History } from '../journal/history.ts';
import type { Moment } from '../journal/live-time.ts';
import { doubtGain } from '../judge/doubt.ts';
import { suspectDrift } from '../judge/drift.ts';
import { unreportedGuard } from '../judge/guards.ts';
import { dueRepetition, lateRepetitions } from '../judge/run-again.ts';
import { awaitRun, type RunsStep, runsOf, startRun } from './runs-step.ts';
import type { AwaitRun, Room, Step } from './step.ts';
import { hoursStop, ideasLeft, type Stop, stopOf, timeStop } from './stopping.ts';

/** One thing at a time. */
export const oneSlot: Room = { slots: 1, ahead: 0, asks: 1, asked: [] };

/** The first thing to do now, where there is room for one. `now` is for the rules on time. */
export function nextStep(history: History, now: Moment): Step {
  const [step] = nextSteps(history, now, oneSlot);
  ok(step !== undefined, 'with nothing under way there is always a step');
  return step;
}

/**
 * All that may be done now, what comes first in front; empty when all that remains is under way. Runs in flight are among it, each
 * as `await-run`; asks are not repeated.
 */
export function nextSteps(history: History, now: Moment, room: Room): readonly Step[] {
  return currentOwnerPause(history) ? whilePaused(stepsOf(history, now, room)) : stepsOf(history, now, room);
}

/** Of these steps, while the owner has paused the study: what is under way, what costs neither a run nor a model's call, and an end. */
function whilePaused(steps: readonly Step[]): readonly Step[] {
  const left = steps.filter(({ kind }) => !beginnings.has(kind));
  return steps.some(isEnd) ? left : [...left, { kind: 'await-resume' }];
}

const beginnings: ReadonlySet<Step['kind']> = new Set<Step['kind']>([
  'propose',
  'start-run',
  'await-gpu',
  'suspect-drift',
  'doubt-gain',
]);

/** A step that ends the study. */
export type Ending = Extract<Step, { kind: 'stop' | 'give-up' | 'refuse-guard' }>;

export function isEnd(step: Step): step is Ending {
  return step.kind === 'stop' || step.kind === 'give-up' || step.kind === 'refuse-guard';
}

function stepsOf(history: History, now: Moment, room: Room): readonly Step[] {
  const work = runsOf(history);
  if (currentGpuPause(history)) return [...work.awaited, hoursStep(history, now) ?? { kind: 'await-gpu' }];
  if (history.settled.length === 0) return baselineSteps(history, work, room);
  const { incumbent } = history;
  if (!experimentOf(history, incumbent).isBranchMoved)
    return [...work.awaited, { kind: 'move-branch', experiment: incumbent }];
  const [unwanted] = history.toWithdraw;
  if (unwanted !== undefined) return [...work.awaited, { kind: 'withdraw', experiment: unwanted }];
  return experimentSteps(history, now, work, room);
}

function baselineSteps(history: History, work: RunsStep, room: Room): readonly Step[] {
  const { awaited, atOnce, due } = work;
  const guard = experimentOf(history, 0).candidate && awaited.length === 0 ? unreportedGuard(history) : undefined;
  const isFailed = atOnce.some(({ kind }) => kind === 'give-up');
  if (guard && !isFailed) return [{ kind: 'refuse-guard', guard }];
  if (atOnce.length > 0 && awaited.length === 0) return atOnce;
  const opening = mayOpen(history, work, room) ? [propose(history, 1)] : [];
  return [...awaited, ...inSlots(history, due, room, awaited), ...opening];
}

/** Whether the baseline has a score, and all that is left of it is under way: the first proposal will be wanted. */
function mayOpen(history: History, { awaited, atOnce, due }: RunsStep, { opens, isEnding, asked }: Room): boolean {
  if (!opens || isEnding || asked.length > 0 || history.handedIn.length > 0 || ideasLeft(history) < 1) return false;
  const isLast = awaited.length > 0 && due.length === 0 && atOnce.length === 0;
  return isLast && history.experiments.length === 1 && countedRuns(experimentOf(history, 0)).length > 0;
}

function experimentSteps(history: History, now: Moment, work: RunsStep, room: Room): readonly Step[] {
  const { slots, ahead, isEnding = false } = room;
  // What the owner hands in is wanted whatever the rules say, but for the time that it takes.
  const stop = history.handedIn.length > 0 ? timeStop(history, now) : stopOf(history, now);
  const isOneAtATime = slots === 1 && ahead === 0;
  const isHeld = !isOneAtATime && (isEnding || (stop !== undefined && holdsWhatWaits(stop)));
  const repetition = dueRepetition(history);
  const repeated = repetition && !repetition.inFlight && !stop ? [startRun(history, repetition.record)] : [];
  const repetitions = [
    ...lateRepetitions(history),
    ...(repetition?.inFlight ? [{ record: repetition.record, inFlight: repetition.inFlight }] : []),
  ];
  const awaited = [...work.awaited, ...repetitions.map(({ record, inFlight }) => awaitRun(record, inFlight))];
  const begun = inSlots(history, [...repeated, ...work.due, ...(isHeld ? [] : work.waiting)], room, awaited);
  const steps: Step[] = [...work.atOnce, ...awaited, ...begun];
  // A gain on an older incumbent is still tried on this one, as a run is still repeated.
  if (stop && (history.overtaken.length === 0 || holdsWhatWaits(stop)))
    return steps.length === 0 ? [{ kind: 'stop', ...stop }] : steps;
  const again = repetition || (isOneAtATime && steps.length > 0) ? undefined : runAgain(history);
  if (again) return [again, ...steps];
  if (steps.length === 0) {
    const guard = unreportedGuard(history);
    if (guard) return [{ kind: 'refuse-guard', guard }];
  }
  return isEnding ? steps : [...steps, ...proposals(history, room, repetition ? 1 : 0)];
}

/** A study whose time is over, or whose target is reached, begins nothing that only waits. */
function holdsWhatWaits({ reason }: Stop): boolean {
  return reason === 'hours' || reason === 'gpu-hours' || reason === 'target';
}

/** The first of these that there is a slot for, each run with the lowest slot that is free. */
function inSlots(
  history: History,
  steps: readonly Step[],
  { slots, taken = [] }: Room,
  awaited: readonly AwaitRun[],
): readonly Step[] {
  const numbers = freeSlots(slots, awaited).filter((slot) => !taken.includes(slot));
  return thatMayBegin(history, steps, { slots, taken }, awaited).map((step) => {
    const slot = step.kind === 'start-run' ? numbers.shift() : undefined;
    return slot === undefined || slots === 1 ? step : { ...step, slot };
  });
}

/** The slots that nothing begins in now, while these steps go on: none while a run is made alone, or the study waits. */
export function spareSlotsOf(history: History, steps: readonly Step[], slots: number): readonly number[] {
  const awaited = steps.filter((step) => step.kind === 'await-run');
  const isAlone = awaited.some(({ experiment }) => runsAlone(experimentOf(history, experiment)));
  return isAlone || steps.some(({ kind }) => kind === 'await-gpu' || kind === 'await-resume')
    ? []
    : freeSlots(slots, awaited);
}

/** As many as there are slots free for; one that is made alone waits until all are, and none begins beside it. */
function thatMayBegin(
  history: History,
  steps: readonly Step[],
  { slots, taken }: { readonly slots: number; readonly taken: readonly number[] },
  awaited: readonly AwaitRun[],
): readonly Step[] {
  const isAlone = ({ experiment }: { readonly experiment: number }) => runsAlone(experimentOf(history, experiment));
  if (awaited.some(isAlone)) return [];
  const alone = steps.find((step) => step.kind === 'start-run' && isAlone(step));
  if (alone) return awaited.length + taken.length === 0 ? [alone] : [];
  return steps.slice(0, Math.max(0, slots - awaited.length - taken.length));
}

/** How many more experiments may be without a verdict. */
export function capacityOf({ unsettled }: History, { slots, ahead }: Pick<Room, 'slots' | 'ahead'>): number {
  return slots + ahead - unsettled.length;
}

/** The proposals that there is room for: what the controller proposes itself needs nobody who is asked. */
function proposals(history: History, room: Room, repetitions: number): readonly Step[] {
  const { asks, asked } = room;
  const next = history.experiments.length;
  const capacity = capacityOf(history, room) - repetitions;
  const own = history.handedIn.length + history.overtaken.length;
  if (own > 0) return capacity > 0 ? [propose(history, next)] : [];
  const wanted = Math.min(capacity - asked.length, asks - asked.length, ideasLeft(history) - asked.length);
  const numbers: number[] = [];
  for (let number = next; numbers.length < wanted; number++) if (!asked.includes(number)) numbers.push(number);
  return numbers.map((number) => propose(history, number));
}

function propose(history: History, experiment: number): Step {
  const isNext = experiment === history.experiments.length;
  return { kind: 'propose', experiment, attempt: isNext ? history.refusedInARow : 0 };
}

/** A study that waits for its GPU does not outlast its own time limit. */
function hoursStep(history: History, now: Moment): Step | undefined {
  const stop = hoursStop(history, now);
  return stop && { kind: 'stop', ...stop };
}

/** The reason, if there is one, to run the incumbent again before anything else is compared with it. */
function runAgain(history: History): Step | undefined {
  const { experiment, runs } = experimentOf(history, history.incumbent);
  const next = { experiment, run: runs.length + 1 };
  const drift = suspectDrift(history);
  if (drift !== undefined) return { kind: 'suspect-drift', ...next, reason: drift };
  const doubt = doubtGain(history);
  return doubt === undefined ? undefined : { kind: 'doubt-gain', ...next, reason: doubt };
}
