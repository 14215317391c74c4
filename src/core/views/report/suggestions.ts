/**
 * What to change in program.md before the next night, by plain rules over the history: each with the figures it rests
 * on.
 *
 * Rules, not a model: the same history gives the same advice, and every sentence can be checked.
 */

import { formatRounded } from '../../base/format.ts';
import type { ExperimentRow } from '../../journal/experiment-row.ts';
import { outcomeWord } from '../../journal/failure-text.ts';
import { type ExperimentRecord, experimentOf, type History, keptInOrder, valuesOf } from '../../journal/history.ts';
import type { Noise } from '../../journal/noise.ts';
import type { Edit } from '../../journal/proposal.ts';
import { readRange } from '../../space/range/parse-range.ts';
import { mean } from '../../statistics/moments.ts';
import { ruleCost, ruleText, stoppingMisses, warningMisses } from '../forecast/stop-advice.ts';

export interface Suggestion {
  /** A line for the brief's front matter or prose, as it could be written there. */
  readonly line: string;
  readonly reason: string;
}

/** At most 8 pieces of advice, the most important first; empty with fewer than 4 experiments, the baseline included. */
export function suggestionsOf(
  history: History,
  rows: readonly ExperimentRow[],
  noise: Noise | undefined,
): Suggestion[] {
  if (history.experiments.length < 4) return [];
  return [
    ...targetReached(history),
    ...failuresBy(
      history,
      'out-of-memory',
      'Stay within the memory that the best experiment uses; larger models and batches run out of it.',
    ),
    ...failuresBy(
      history,
      'timed-out',
      'Keep an eye on the time outside of training: set-up and evaluation count against the timeout.',
    ),
    ...edgesHit(history),
    ...(noise ? knobsWithoutEffect(history, rows, noise) : []),
    ...plateauReached(history),
    ...stopsTooEarly(history),
    ...(noise ? noiseTooLarge(history, rows, noise) : []),
  ].slice(0, 8);
}

function targetReached({ stopped, session, incumbent, experiments }: History): Suggestion[] {
  if (stopped?.reason !== 'target') return [];
  const best = experiments[incumbent];
  const value = best ? mean(valuesOf(best)) : 0;
  return [
    {
      line: `stop: { target: … }   # beyond ${formatRounded(value, 5)}`,
      reason: `The target ${session.stop.target} is reached; a further one, or none, lets the next night go on.`,
    },
  ];
}

function failuresBy({ experiments }: History, outcome: 'out-of-memory' | 'timed-out', line: string): Suggestion[] {
  const failed = experiments.filter(
    (record) => record.experiment > 0 && record.runs.at(-1)?.result?.outcome === outcome,
  );
  if (failed.length < 2) return [];
  return [
    { line, reason: `${failed.length} of ${experiments.length - 1} experiments failed: ${outcomeWord(outcome)}.` },
  ];
}

type KnobEdit = Extract<Edit, { kind: 'set-knob' }>;

function knobsSetBy({ proposal }: ExperimentRecord): KnobEdit[] {
  return proposal?.edits.filter((edit) => edit.kind === 'set-knob') ?? [];
}

/** Knobs whose best value lies within 5 % of an end of their declared range: values beyond it may be better. */
function edgesHit(history: History): Suggestion[] {
  const best = new Map<string, number>();
  for (const record of keptInOrder(history)) {
    for (const { knob, to } of knobsSetBy(record)) if (typeof to === 'number') best.set(knob, to);
  }
  return [...best].flatMap(([knob, value]) => {
    const text = Object.hasOwn(history.session.space, knob) ? history.session.space[knob] : undefined;
    const edge = text === undefined ? undefined : edgeNear(text, value);
    if (edge === undefined) return [];
    return [
      {
        line: `space: { ${knob}: … }   # now ${text}`,
        reason: `The best ${knob} is ${formatRounded(value, 4)}, at the ${edge} end of its range; widen it there.`,
      },
    ];
  });
}

function edgeNear(text: string, value: number): 'lower' | 'upper' | undefined {
  const reading = readRange(text);
  if (reading.kind === 'refused') return undefined;
  const range = reading.value;
  if (range.kind === 'choice' || range.kind === 'tuple') return undefined;
  const isLog = range.kind === 'power-of-two' || range.log;
  const place = (at: number) => (isLog && at > 0 ? Math.log(at) : at);
  const share = (place(value) - place(range.low)) / (place(range.high) - place(range.low) || 1);
  if (share <= 0.05 && share >= 0) return 'lower';
  return share >= 0.95 && share <= 1 ? 'upper' : undefined;
}

/** Knobs that were set alone 3 times or more, never kept, and never moved the score by twice the noise. */
function knobsWithoutEffect(history: History, rows: readonly ExperimentRow[], { sigma }: Noise): Suggestion[] {
  const gains = new Map<string, number[]>();
  const keptKnobs = new Set<string>();
  for (const record of history.experiments) {
    const knobs = knobsSetBy(record);
    if (record.kept !== undefined) for (const { knob } of knobs) keptKnobs.add(knob);
    const gain = rows[record.experiment]?.gain ?? undefined;
    const [only] = knobs;
    if (knobs.length !== 1 || !only || gain === undefined) continue;
    gains.set(only.knob, [...(gains.get(only.knob) ?? []), gain]);
  }
  return [...gains].flatMap(([knob, tried]) => {
    const isFlat = tried.length >= 3 && tried.every((gain) => Math.abs(gain) < sigma * 2);
    if (!isFlat || keptKnobs.has(knob)) return [];
    return [
      {
        line: `Leave ${knob} as it is.`,
        reason: `${tried.length} experiments changed ${knob} alone, and none moved the score by more than twice the noise.`,
      },
    ];
  });
}

function plateauReached(history: History): Suggestion[] {
  const { session } = history;
  const count = history.sinceKeep - history.unsettled.length;
  if (count < warningMisses) return [];
  const last = history.settled.slice(-count).map((experiment) => experimentOf(history, experiment));
  const knobsOnly = last.every(({ proposal }) => proposal?.kind === 'knobs');
  const line = knobsOnly
    ? 'researcher: auto   # with a model, so that the code changes too'
    : 'Try something of another kind than the last experiments; read them first.';
  const by = knobsOnly && session.researcher !== 'auto' ? `, all of them knobs by ${session.researcher}` : '';
  return [{ line, reason: `The last ${count} experiments were not kept${by}.` }];
}

/** A rule of the owner's that ends a study which may well go on to gain. */
function stopsTooEarly({ session }: History): Suggestion[] {
  const { plateau } = session.stop;
  if (plateau === undefined || plateau >= stoppingMisses) return [];
  return [
    {
      line: `stop: { plateau: ${stoppingMisses} }   # now ${plateau}`,
      reason: `By what public studies did, ${ruleText(ruleCost(plateau))}; ${ruleText(ruleCost(stoppingMisses))}.`,
    },
  ];
}

/**
 * When 60 % of 10 or more reverted experiments lie within the noise, a longer run tells more than another experiment.
 */
function noiseTooLarge(history: History, rows: readonly ExperimentRow[], { sigma }: Noise): Suggestion[] {
  const reverted = rows.filter(({ status }) => status === 'reverted');
  if (reverted.length < 10) return [];
  const drowned = reverted.filter(({ gain }) => Math.abs(gain ?? 0) < sigma);
  if (drowned.length < reverted.length * 0.6 || valuesOf(experimentOf(history, 0)).length < 2) return [];
  return [
    {
      line: `budget: ${Math.round(history.frozen.budgetSeconds * 2)}s`,
      reason: `${drowned.length} of ${reverted.length} reverted experiments lie within the noise of one run; a longer budget tells more apart (in a new study).`,
    },
  ];
}
