/**
 * What a study's experiments say about its knobs now: each as the values of all knobs, and its scores corrected for the
 * code changes that were kept later.
 *
 * A trial stays usable after the code has changed: to its scores is added what each code keep since its parent changed
 * in the score, computed anew at each call. A reverted code experiment says nothing about the present code.
 */

import { beforeStudy, type KnownStudy } from '../../journal/earlier.ts';
import {
  countedRuns,
  type ExperimentRecord,
  experimentOf,
  type History,
  keptInOrder,
  valuesOf,
} from '../../journal/history.ts';
import type { Proposal } from '../../journal/proposal.ts';
import { mean } from '../../statistics/moments.ts';
import type { Knob } from '../knob.ts';
import { carryBack, carryForward, type KnobChange, type KnobValues, knobChange } from '../knob-change.ts';
import { type EarlierTrial, earlierTrials } from './earlier-trials.ts';

/** An experiment as a search sees it. */
export interface Trial {
  readonly experiment: number;
  /** By `knobKey`. */
  readonly values: KnobValues;
  /** One score for each run, such that lower is better for either goal. Empty for a failure. */
  readonly scores: readonly number[];
}

export interface Trials {
  readonly finished: readonly Trial[];
  /** The values of experiments that have no result yet: in flight, or waiting for a slot. */
  readonly running: readonly KnobValues[];
}

/** A knob's key, which differs for knobs of one name in two files: `train.py:LR`. */
export function knobKey({ file, name }: Pick<Knob, 'file' | 'name'>): string {
  return `${file}:${name}`;
}

/** The knob's own name of its key: `LR` of `train.py:LR`. */
export function knobName(key: string): string {
  return key.slice(key.indexOf(':') + 1);
}

/** Gives the shortest name that tells a knob from the others: its own, or its key where two files have a knob of that name. */
export function shortKnobNames(keys: Iterable<string>): (key: string) => string {
  const named = new Map<string, Set<string>>();
  for (const key of keys) named.set(knobName(key), (named.get(knobName(key)) ?? new Set()).add(key));
  return (key) => (named.get(knobName(key))?.size === 1 ? knobName(key) : key);
}

/** What a proposal sets its knobs to, by key. */
export function turnedBy(proposal: Proposal | undefined): KnobValues {
  const settings = (proposal?.edits ?? []).flatMap((edit) =>
    edit.kind === 'set-knob' ? [[knobKey({ file: edit.file, name: edit.knob }), edit.to] as const] : [],
  );
  return Object.fromEntries(settings);
}

/** The experiments whose knobs must be read from their source; those of all others follow from these and the edits. */
export function experimentsToRead(history: History): number[] {
  return history.experiments.filter(isRead).map(({ experiment }) => experiment);
}

function isRead({ proposal, kept, withdrawn }: ExperimentRecord): boolean {
  return proposal === undefined || (proposal.kind === 'code' && (kept ?? withdrawn) !== undefined);
}

/**
 * The trials of a history, in order; `read` has the knobs of the experiments that `experimentsToRead` names. With the knobs
 * at the study's start, those that it goes on from come first.
 */
export function trialsOf(
  history: History,
  read: ReadonlyMap<number, KnobValues>,
  startKnobs: readonly Knob[] = [],
): Trials {
  const vectors = vectorsOf(history, read);
  const keeps = keptInOrder(history);
  const codeKeeps = keeps.flatMap((record) => codeKeepOf(history, record, vectors));
  const finished: Trial[] = earlierOf(history, startKnobs).map(({ values, scores }) => {
    const shift = codeKeeps.reduce((sum, keep) => sum + keep.shift, 0);
    const now = codeKeeps.reduce((before, { change }) => carryForward(before, change), values);
    return { experiment: beforeStudy, values: now, scores: scores.map((score) => score + shift) };
  });
  const running: KnobValues[] = [];
  // Keeps stand in the order in which they were made, which need not be that of their numbers.
  const places = new Map(keeps.map(({ experiment }, place) => [experiment, place]));
  const gone = new Map(
    history.experiments
      .filter(({ withdrawn }) => withdrawn !== undefined)
      .map((record) => [record.experiment, codeKeepOf(history, record, vectors)]),
  );
  for (const record of history.experiments) {
    const own = vectors.get(record.experiment);
    if (own === undefined) continue;
    const { experiment, parent = 0, proposal } = record;
    // Code that was taken out says as little as code that was never kept.
    if (record.withdrawn && proposal?.kind === 'code') continue;
    const { place, without } = standOf(history, parent, places, gone);
    const missed = codeKeeps.filter(
      (keep) => (places.get(keep.experiment) ?? -1) > place && keep.experiment !== experiment,
    );
    const old = without.reduce((now, { change }) => carryBack(now, change), own);
    const values = missed.reduce((before, { change }) => carryForward(before, change), old);
    const counted = countedRuns(record);
    if (counted.length > 0) {
      const shift =
        missed.reduce((sum, keep) => sum + keep.shift, 0) - without.reduce((sum, keep) => sum + keep.shift, 0);
      finished.push({ experiment, values, scores: scoresOf(history, record).map((score) => score + shift) });
    } else if (!record.verdict) running.push(values);
  }
  return { finished, running };
}

function earlierOf(history: History, knobs: readonly Knob[]): readonly EarlierTrial[] {
  const { earlier, frozen } = history;
  const own = scoresOf(history, experimentOf(history, 0));
  if (earlier === undefined || own.length === 0) return [];
  if (earlier.study) return earlier.goal === frozen.metric.goal ? movedTo(earlier.study, mean(own)) : [];
  if (knobs.length === 0) return [];
  return earlierTrials(earlier, { knobs, goal: frozen.metric.goal, baseline: mean(own) });
}

/** The place of the last keep under a parent that is still one, and the code between the two that was taken out since, newest first. */
function standOf(
  { experiments }: History,
  parent: number,
  places: ReadonlyMap<number, number>,
  gone: ReadonlyMap<number, readonly CodeKeep[]>,
): { readonly place: number; readonly without: readonly CodeKeep[] } {
  const without: CodeKeep[] = [];
  let at: number | undefined = parent;
  for (; at !== undefined && !places.has(at); at = experiments[at]?.parent) without.push(...(gone.get(at) ?? []));
  return { place: places.get(at ?? 0) ?? -1, without };
}

/** The trials of a study that ended where this one starts: the candidate of both is given the score that it has here. */
function movedTo({ trials, start }: KnownStudy, baseline: number): readonly EarlierTrial[] {
  return trials.map(({ values, scores }) => ({ values, scores: scores.map((score) => score + baseline - start) }));
}

/** The values of all knobs, by experiment; those of reverted code are left out. */
function vectorsOf(history: History, read: ReadonlyMap<number, KnobValues>): ReadonlyMap<number, KnobValues> {
  const vectors = new Map(read);
  // What was kept comes first, in its order: a proposal that moved on to another incumbent may have a later one as its parent.
  for (const { experiment, parent = 0, proposal } of [...keptInOrder(history), ...history.experiments]) {
    const base = vectors.get(parent);
    if (vectors.has(experiment) || base === undefined || proposal?.kind !== 'knobs') continue;
    vectors.set(experiment, { ...base, ...turnedBy(proposal) });
  }
  return vectors;
}

interface CodeKeep {
  readonly experiment: number;
  /** The mean of its scores minus that of its parent's. */
  readonly shift: number;
  readonly change: KnobChange;
}

function codeKeepOf(history: History, record: ExperimentRecord, vectors: ReadonlyMap<number, KnobValues>): CodeKeep[] {
  const { experiment, parent, proposal, kept, withdrawn } = record;
  const [before, after] = [vectors.get(parent ?? 0), vectors.get(experiment)];
  const wasKept = (kept ?? withdrawn) !== undefined;
  if (parent === undefined || proposal?.kind !== 'code' || !wasKept || !before || !after) return [];
  const was = scoresOf(history, experimentOf(history, parent));
  const is = scoresOf(history, record);
  const shift = was.length > 0 && is.length > 0 ? mean(is) - mean(was) : 0;
  return [{ experiment, shift, change: knobChange(before, after) }];
}

/** Empty when any counted run ended without a score: a candidate that fails on some seeds is a failure. */
function scoresOf(history: History, record: ExperimentRecord): readonly number[] {
  const values = valuesOf(record);
  if (values.length < countedRuns(record).length) return [];
  return history.frozen.metric.goal === 'minimize' ? values : values.map((value) => -value);
}
