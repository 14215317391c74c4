/**
 * What to expect of a study, with what it would cost and when stopping is right: for status, report and page.
 */
import calibration from '../../../data/evidence/forecast-calibration.json' with { type: 'json' };
import { countText, formatAt, formatProbability } from '../../base/format.ts';
import type { History } from '../../journal/history.ts';
import { type Cost, costOf, costText } from './cost.ts';
import { type Expectation, type Forecast, forecastOf, type GainSpread } from './forecast.ts';
import { fittedTo, searchesChecked, searchesFittedTo, shippedFit } from './shipped-fit.ts';
import { ruleCost, ruleText, type StopAdvice, stopAdvice, stoppingMisses, warningMisses } from './stop-advice.ts';
import { studyRecordOf } from './study-record.ts';

export interface Outlook extends Forecast {
  /** What the chance of a keep begins from: public studies of models and agents, or our own where only searches propose. */
  readonly basis: 'public studies' | 'searches';
  /** Of twenty more experiments; absent where nothing is known of the time that they take. */
  readonly cost?: Cost;
  readonly advice: StopAdvice;
  /** The advice as a sentence, with the public figures that it rests on. */
  readonly reason: string;
}

/** The outlook as of the last entry; undefined until the baseline has a score. A ledger knows no cost. */
export function outlookOf(history: History, { isLedger = false } = {}): Outlook | undefined {
  const record = studyRecordOf(history);
  if (record === undefined) return undefined;
  const forecast = forecastOf(record, shippedFit);
  const cost = isLedger ? undefined : costOf(history, forecast.twenty.experiments);
  const advice = stopAdvice(forecast.misses);
  const basis = record.turns ? 'searches' : 'public studies';
  const reason = record.kept.length === 0 ? noVerdict : reasonOf(advice, forecast.misses);
  return { ...forecast, basis, ...(cost && { cost }), advice, reason };
}

const noVerdict = 'Nothing speaks for stopping: no experiment has a verdict yet.';

function reasonOf(advice: StopAdvice, misses: number): string {
  const row = countText(misses, 'miss', 'misses');
  if (advice === 'go-on') {
    return misses === 0
      ? 'Nothing speaks for stopping: the last experiment was kept.'
      : `Nothing speaks for stopping: ${row} in a row, and ${warningMisses} are a warning.`;
  }
  const early = ruleText(ruleCost(misses));
  if (advice === 'stop') return `Stopping is right: ${row} in a row, and ${early}.`;
  return `Plateau: ${row} in a row. Try something of another kind, and go on to ${stoppingMisses}: ${early}, one after ${stoppingMisses} ${shareAt(stoppingMisses)}.`;
}

function shareAt(misses: number): string {
  const { losing } = ruleCost(misses);
  return `${Math.round(losing * 100)} %`;
}

/** A part of the outlook: its name, and what it says. */
export type OutlookPart = readonly [name: string, text: string];

/** The outlook in words, the same for a terminal and a page; gains have this many decimals. */
export function outlookParts(
  { chanceOfKeep, twenty, hundred, cost, reason }: Outlook,
  decimals: number,
): OutlookPart[] {
  return [
    ['next', `kept with ${formatProbability(chanceOfKeep)} probability`],
    ['20 more', `${expectationText(twenty, decimals)}${cost ? `, for about ${costText(cost)}` : ''}`],
    ['100 more', expectationText(hundred, decimals)],
    ['stopping', reason],
  ];
}

const checked = calibration.rows.find(({ what }) => what === 'twenty more');

/** What stands below the parts: what they are from, and how often the ranges held. */
export function outlookCaveat({ basis }: Pick<Outlook, 'basis'>): string {
  const studies = `${fittedTo.studies} public studies (${fittedTo.repositories} repositories, self-reported)`;
  if (basis === 'public studies') {
    const held = percent(checked?.gain_inside);
    return `From this study's own record and ${studies}. In ${checked?.repos} other public repositories the range of the gain of twenty more held ${held} % of the time.`;
  }
  const own = `${searchesFittedTo.studies} studies of the same searches (${searchesFittedTo.objectives} objectives)`;
  const { objectives, held } = searchesChecked;
  return `How often from this study's own record and ${own}, how much from ${studies}. On ${objectives} other objectives the range of the keeps of twenty more held ${percent(held)} % of the time.`;
}

function percent(share = 0): number {
  return Math.round(share * 100);
}

function expectationText({ keeps, anyKeep, gain }: Expectation, decimals: number): string {
  const gained = gain ? `gain ${spreadText(gain, (value) => formatAt(value, decimals))}` : 'gain unknown';
  return `${spreadText(keeps, String)} kept, at least one with ${formatProbability(anyKeep)} probability; ${gained}`;
}

/** Such as `3 (1 to 6)`, or `.03 or more` where only the lower end says anything. */
function spreadText({ low, median, high, isOpen }: GainSpread, show: (value: number) => string): string {
  return isOpen ? `${show(low)} or more` : `${show(median)} (${show(low)} to ${show(high)})`;
}
