/**
 * When a study ends by its own rules, and which rule it was.
 */
import { countText, formatHours, formatUsd } from '../base/format.ts';
import { isBetter } from '../base/metric.ts';
import { callsModelOrAgent, findResearcher } from '../base/researchers.ts';
import type { StopReason } from '../journal/entry.ts';
import { experimentOf, type History, valuesOf } from '../journal/history.ts';
import { type Moment, sessionSeconds } from '../journal/live-time.ts';
import { mean } from '../statistics/moments.ts';

export interface Stop {
  readonly reason: StopReason;
  /** In words, with the figure that met the rule and what extends the study. */
  readonly detail: string;
}

/** Refusals in a row that mean that there is nothing new left to propose. */
export const maxRefusalsInARow = 100;

/** Ideas of a model or an agent cost money, so their researcher is stopped much sooner. */
const maxFailedIdeasInARow = 10;

/** The first rule that is met, if any; asked between experiments only, so that a verdict is never cut short. */
export function stopOf(history: History, now: Moment): Stop | undefined {
  const { experiments, target, plateau, usd, tokens } = history.session.stop;
  if (experiments !== undefined && ideasOf(history) >= experiments) {
    return {
      reason: 'experiments',
      detail: `${countText(ideasOf(history), 'experiment')} done${madeAgain(history)}; raise stop.experiments or --max-experiments to go on`,
    };
  }
  const overtime = hoursStop(history, now);
  if (overtime) return overtime;
  if (target !== undefined && isTargetReached(history, target)) {
    return {
      reason: 'target',
      detail: `the target ${target} is reached; set a further stop.target or --target to go on`,
    };
  }
  if (plateau !== undefined && history.sinceKeep >= plateau) {
    return {
      reason: 'plateau',
      detail: `${history.sinceKeep} experiments without a keep; raise stop.plateau to go on`,
    };
  }
  const { spent } = history;
  const about = spent.estimatedCalls ? '~' : '';
  if (usd !== undefined && spent.usd >= usd) {
    return { reason: 'usd', detail: `${about}${formatUsd(spent.usd)} USD spent; raise stop.usd or --max-usd to go on` };
  }
  if (tokens !== undefined && spent.tokens >= tokens) {
    return { reason: 'tokens', detail: `${about}${spent.tokens} tokens used; raise stop.tokens to go on` };
  }
  const gpuTime = gpuHoursStop(history);
  if (gpuTime) return gpuTime;
  if (failsByModelOrAgent(history) && history.refusedThisSession >= maxFailedIdeasInARow) {
    return {
      reason: 'paused',
      detail: `${history.refusedThisSession} ideas in a row came to nothing, the last one because: ${history.refusals.at(-1)?.reason ?? ''}`,
    };
  }
  if (history.refusedInARow >= maxRefusalsInARow) {
    return {
      reason: 'exhausted',
      detail: `${history.refusedInARow} proposals in a row were tried before; widen the space to go on`,
    };
  }
  return undefined;
}

/** Proposals that may still be made before the rule on experiments is met. */
export function ideasLeft(history: History): number {
  return (history.session.stop.experiments ?? Number.POSITIVE_INFINITY) - ideasOf(history);
}

/** The experiments, without the baseline and those that only make the edits of an earlier one on a newer incumbent. */
export function ideasOf({ experiments, reapplied }: History): number {
  return experiments.length - 1 - reapplied;
}

/** What the rule does not count beside them, so that the sentence agrees with how many were tried. */
function madeAgain({ reapplied }: History): string {
  return reapplied === 0 ? '' : `, and ${reapplied} made again on another parent`;
}

/** The rules on hours and on GPU hours alone. */
export function timeStop(history: History, now: Moment): Stop | undefined {
  return hoursStop(history, now) ?? gpuHoursStop(history);
}

function gpuHoursStop({ session, gpuSeconds }: History): Stop | undefined {
  const { gpu_hours: max } = session.stop;
  const used = gpuSeconds / 3600;
  if (max === undefined || used < max) return undefined;
  return {
    reason: 'gpu-hours',
    detail: `${formatHours(used)} GPU hours used; raise stop.gpu_hours or --max-gpu-hours to go on`,
  };
}

/** The rule on hours alone. */
export function hoursStop(history: History, now: Moment): Stop | undefined {
  const { hours } = history.session.stop;
  const live = liveHours(history, now);
  if (hours === undefined || live < hours) return undefined;
  return { reason: 'hours', detail: `${formatHours(live)} live hours; raise stop.hours or --max-hours to go on` };
}

/** Hours during which the study was live, this session included. */
export function liveHours(history: History, now: Moment): number {
  return (history.earlierSeconds + sessionSeconds(history, now)) / 3600;
}

function isTargetReached(history: History, target: number): boolean {
  const values = valuesOf(experimentOf(history, history.incumbent));
  return values.length > 0 && !isBetter(history.frozen.metric.goal, target, mean(values));
}

/** Whether a model or an agent had the ideas that came to nothing; a mix is judged by the researchers that it asked lately. */
function failsByModelOrAgent({ session, refusals }: History): boolean {
  if (session.researcher !== 'auto') return isModelOrAgent(session.researcher);
  return refusals.slice(-maxFailedIdeasInARow).every(({ researcher }) => isModelOrAgent(researcher));
}

function isModelOrAgent(researcher: string): boolean {
  const row = findResearcher(researcher);
  return row !== undefined && callsModelOrAgent(row);
}
