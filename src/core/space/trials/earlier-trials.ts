/**
 * The experiments before a study as trials of its knobs.
 *
 * Their scores were measured elsewhere, so only differences are taken: an experiment there that had the study's own values
 * is given the score of the study's baseline, and all others lie as far from it as they did there. A keep there that set no
 * knob changed the code: what it gained is taken out of the scores after it.
 */
import type { Earlier } from '../../journal/earlier.ts';
import { type Knob, type KnobValue, sameValue } from '../knob.ts';
import type { KnobValues } from '../knob-change.ts';
import { createSettingsReader, type EarlierSetting } from './earlier-settings.ts';

/** Values of all knobs, by key, and scores such that lower is better; none for a failure. */
export interface EarlierTrial {
  readonly values: KnobValues;
  readonly scores: readonly number[];
}

/** The study that goes on from them: its knobs at its start, and the mean score of its baseline, lower is better. */
export interface GoingOn {
  readonly knobs: readonly Knob[];
  readonly goal: Earlier['goal'];
  readonly baseline: number;
}

/** The trials; none where the goal is another one, or where no experiment says what it set. */
export function earlierTrials({ goal, experiments }: Earlier, study: GoingOn): readonly EarlierTrial[] {
  if (goal !== study.goal) return [];
  const read = createSettingsReader(study.knobs);
  const own = Object.fromEntries(study.knobs.map((knob) => [keyOf(knob), knob.value]));
  const settings = experiments.map(read);
  const turned = new Set(settings.flat().map(({ knob }) => keyOf(knob)));
  if (turned.size === 0) return [];
  const sign = goal === 'minimize' ? 1 : -1;
  let state: Record<string, KnobValue> = { ...own, ...firstValues(settings) };
  let kept: number | undefined;
  let codeGain = 0;
  const trials: EarlierTrial[] = [];
  for (const [index, { status, value, isBaseline }] of experiments.entries()) {
    const changes = Object.fromEntries((settings[index] ?? []).map(({ knob, to }) => [keyOf(knob), to]));
    const score = value === null ? undefined : sign * value;
    const isKept = status === 'keep' && score !== undefined;
    const isFirst = kept === undefined && isKept;
    const isOfKnobs = Object.keys(changes).length > 0;
    if (isKept && !isFirst && !isOfKnobs && isBaseline !== true) codeGain += score - (kept ?? score);
    if (isOfKnobs || isFirst) {
      trials.push({ values: { ...state, ...changes }, scores: score === undefined ? [] : [score - codeGain] });
    }
    if (isKept) {
      state = { ...state, ...changes };
      kept = score;
    }
  }
  return moved(trials, own, turned, study.baseline);
}

function keyOf({ file, name }: Pick<Knob, 'file' | 'name'>): string {
  return `${file}:${name}`;
}

/** By key, what a knob was before it was first set, where the words say it. */
function firstValues(settings: readonly (readonly EarlierSetting[])[]): Record<string, KnobValue> {
  const first: Record<string, KnobValue> = {};
  const seen = new Set<string>();
  for (const { knob, from } of settings.flat()) {
    const key = keyOf(knob);
    if (from !== undefined && !seen.has(key)) first[key] = from;
    seen.add(key);
  }
  return first;
}

/** The trials, moved so that the one that is likest to the study's own values has the baseline's score. */
function moved(
  trials: readonly EarlierTrial[],
  own: KnobValues,
  turned: ReadonlySet<string>,
  baseline: number,
): readonly EarlierTrial[] {
  let anchor: { readonly alike: number; readonly score: number } | undefined;
  for (const { values, scores } of trials) {
    const [score] = scores;
    if (score === undefined) continue;
    const alike = [...turned].filter((key) => sameValue(values[key] ?? '', own[key] ?? '')).length;
    if (!anchor || alike > anchor.alike || (alike === anchor.alike && score < anchor.score)) anchor = { alike, score };
  }
  if (!anchor) return [];
  const shift = baseline - anchor.score;
  return trials.map(({ values, scores }) => ({ values, scores: scores.map((score) => score + shift) }));
}
