/**
 * `researcher: auto`: which arm proposes next, and why, as one pure function of the history.
 *
 * Thompson sampling over each arm's gain per training budget: a figure is drawn from every arm's posterior, and the arm
 * with the highest one is asked. So an arm is asked as often as it is likely to be the best, without tuning. The draws
 * follow from the history and the experiment's seed text alone. Each arm also gets a fixed least share of the choices,
 * its floor, because what gains most changes over a night; that of code is larger, because its gains are rare.
 */

import { createRandom, type Random } from '../base/random.ts';
import type { ArmName } from '../base/researchers.ts';
import { isCodeArm, isModelArm } from '../journal/arm.ts';
import type { History } from '../journal/history.ts';
import type { Shares } from '../journal/settings/read-shares.ts';
import { drawGamma } from '../statistics/draw-gamma.ts';
import { refusalsNow } from './pulls.ts';
import { type Rate, ratesOf } from './rates.ts';
import { openingArm, priorsOf } from './schedule.ts';
import { armsWithin, type DrawnShare, drawShare } from './shares.ts';

export interface Choice {
  readonly arm: ArmName;
  /** For the owner, without a full stop; empty where no other arm could be asked. */
  readonly why: string;
}

/** Refusals of one arm for one experiment after which only the other arms are asked. */
const maxRefusals = { model: 2, search: 5 };

/** Share of the choices that goes to each arm whatever it has gained so far. */
const floors = { code: 0.08, other: 0.02 };

/** The arm to ask; undefined when none of `arms` is left. `shares` may switch arms off. */
export function chooseArm(
  history: History,
  arms: readonly ArmName[],
  shares: Shares,
  seed: string,
): Choice | undefined {
  const within = notExhausted(history, armsWithin(arms, shares));
  if (within.length === 0) return undefined;
  const random = createRandom(`${seed}/arm`);
  const drawn = drawShare(within, shares, random);
  const [only] = drawn.arms;
  if (only !== undefined && drawn.arms.length === 1) return { arm: only, why: whyOnly(drawn) };
  const choice =
    openingArm(history, drawn.arms) ?? drawFloor(drawn.arms, random) ?? drawBest(history, drawn.arms, random);
  return { arm: choice.arm, why: withShare(drawn, choice.why) };
}

/**
 * Without the arms that were refused too often for this experiment; when none is left, the searches are asked again.
 */
function notExhausted(history: History, arms: readonly ArmName[]): readonly ArmName[] {
  const refusals = refusalsNow(history);
  const isFresh = (arm: ArmName) =>
    (refusals.get(arm) ?? 0) < (isModelArm(arm) ? maxRefusals.model : maxRefusals.search);
  const fresh = arms.filter(isFresh);
  if (fresh.length > 0) return fresh;
  const searches = arms.filter((arm) => !isModelArm(arm));
  return searches.length > 0 ? searches : arms;
}

function drawFloor(arms: readonly ArmName[], random: Random): Choice | undefined {
  let left = random.unit();
  for (const arm of arms) {
    const floor = isCodeArm(arm) ? floors.code : floors.other;
    left -= floor;
    if (left < 0) return { arm, why: `${percent(floor)} of the choices look at ${arm} whatever it has gained so far` };
  }
  return undefined;
}

function drawBest(history: History, arms: readonly ArmName[], random: Random): Choice {
  const rates = ratesOf(history, priorsOf(history, arms));
  const draws = [...rates]
    .map(([arm, rate]) => ({ arm, rate, value: drawGamma(rate.shape, random) / rate.rate }))
    .sort((a, b) => b.value - a.value);
  const [best, next] = draws as [Draw, Draw];
  const than = `drawn at ${best.value.toFixed(1)} times the study's gain per second, ${next.arm} at ${next.value.toFixed(1)}`;
  return {
    arm: best.arm,
    why: `${than} (${best.arm} lately: ${record(best.rate)}; ${next.arm}: ${record(next.rate)})`,
  };
}

interface Draw {
  readonly arm: ArmName;
  readonly rate: Rate;
  readonly value: number;
}

function record({ tried, kept, open }: Rate): string {
  const known = tried === 0 ? 'not tried' : `${kept} of ${tried} kept`;
  if (open === 0) return known;
  return tried === 0 ? `${open} to come` : `${known}, ${open} to come`;
}

function whyOnly({ name, share }: DrawnShare): string {
  return name === undefined || share === undefined ? '' : shareText(name, share);
}

function withShare({ name, share }: DrawnShare, why: string): string {
  return name === undefined || share === undefined ? why : `${shareText(name, share)}; ${why}`;
}

function shareText(name: string, share: number): string {
  return `the share of ${name} is ${percent(share)}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
