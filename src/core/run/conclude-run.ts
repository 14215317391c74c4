/**
 * The result of an ended run: its outcome, and its score, or else the reason in one line with the evidence.
 */

import { formatDuration } from '../base/format.ts';
import type { Metric } from '../base/metric.ts';
import { lastLines } from '../base/plain-text.ts';
import { screenText } from '../base/screen-text.ts';
import { type MachineConditions, type RunConditions, stepRate } from '../journal/conditions.ts';
import type { Measurement, Outcome, RunResult } from '../journal/run.ts';
import type { Where } from '../journal/where.ts';
import type { Allowance } from './budget-allowance.ts';
import { endingErrorOf } from './ending-error.ts';
import { type RunText, readMeasurement, type ScoreReading } from './measurement.ts';
import { believedSpeed, overrunOf } from './overrun.ts';
import { disturbanceOf } from './pause.ts';
import { type Scoring, type ScoringAllowance, scoringOf, scoringOverrunOf } from './scoring-allowance.ts';
import { type Import, type WhatRan, whatRan } from './what-ran.ts';
import { withoutInterrupt } from './without-interrupt.ts';

interface Moment {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** How one process of the run ended, as the engine says. */
export interface EndedStage {
  readonly name: 'prepare' | 'train' | 'score';
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly conditions?: MachineConditions | undefined;
  readonly progress?: Readonly<Record<'first' | 'last', Moment>> | undefined;
  readonly peakMemoryMb?: number | undefined;
  readonly peakGpuMemoryMb?: number | undefined;
  /** The editable files of its tree that a process opened, where that is known. */
  readonly opened?: readonly string[] | undefined;
  /** Whether the training was asked to end because its budget was over. */
  readonly atBudget?: boolean | undefined;
}

/** How the run ended, as the engine says. */
export type Ending =
  | {
      readonly kind: 'ended';
      readonly ending: 'exited' | 'deadline' | 'cancelled';
      readonly stages: readonly EndedStage[];
      readonly seconds: number;
      /** Where it ran, where the engine says that. */
      readonly where?: Where | undefined;
      /** Present when it was ended early, for a reason of its own. */
      readonly kill?: Kill;
    }
  | { readonly kind: 'lost'; readonly reason: string; readonly byMachine?: true };

/** Why the harness ended a run itself. */
export interface Kill {
  readonly outcome: 'killed-early' | 'stalled';
  readonly reason: string;
}

export interface RunTrace extends RunText {
  /** A fixed file or data that the run changed. */
  readonly changed: string | undefined;
  /** The same where runs beside it may have done it. */
  readonly doubtful?: string | undefined;
  /** The editable files, from the sandbox; absent for a job that trains nothing. */
  readonly editable?: readonly string[];
  /** By stage, what its Python processes imported. */
  readonly imports?: Readonly<Partial<Record<EndedStage['name'], readonly Import[]>>>;
}

/** What a run may take: its training and, absent while the baseline is not measured, its scoring. */
export interface RunAllowance extends Allowance {
  readonly scoring?: ScoringAllowance;
}

const evidenceLines = 20;

/** Signals that end a process from outside, as a shutdown does; a program that fails by itself gets others. */
const outsideSignals: readonly (string | null)[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Turns an ending and what was left behind into a result, whatever the script did; never throws. */
export function concludeRun(ending: Ending, left: RunTrace, metric: Metric, allowance: RunAllowance): RunResult {
  const isAtBudget = ending.kind === 'ended' && ending.stages.some(({ atBudget }) => atBudget === true);
  const trace = isAtBudget ? { ...left, trainLog: withoutInterrupt(left.trainLog) } : left;
  const evidence = evidenceOf(ending, trace);
  if (ending.kind === 'lost') {
    const { reason, byMachine } = ending;
    return { outcome: 'lost', reason, evidence, seconds: 0, cpuSeconds: 0, ...(byMachine && { byMachine }) };
  }
  const cpuSeconds = ending.stages.reduce((sum, stage) => sum + stage.cpuSeconds, 0);
  const train = ending.stages.find((stage) => stage.name === 'train');
  const trained = trainedOf(train, allowance);
  const score = ending.stages.find((stage) => stage.name === 'score');
  const graded = scoringOf(score, trace.scoreLog ?? '', allowance.clock);
  const place = ending.where && { where: ending.where };
  const spent = { evidence, seconds: ending.seconds, cpuSeconds, ...graded, ...trained, ...place };
  const machine = train?.conditions;
  const reading: ScoreReading = readMeasurement(trace, metric);
  const metrics = reading.kind === 'measured' ? reading.measurement.metrics : {};
  const failure = failureOf(ending, trace) ?? overrun({ ...trained, ...graded }, machine, metrics, allowance);
  if (failure) {
    const { isOfScoring, ...failed } = failure;
    const during = isOfScoring ? score?.conditions : machine;
    return { ...excused(failed, ending), ...spent, ...conditionsOf(during, {}), ...doubtOf(trace) };
  }
  if (reading.kind === 'unmeasured') {
    const shown = withLine(evidence, reading.line);
    const reason = isAtBudget ? `${reading.reason}, and was ended when its budget was over` : reading.reason;
    return { outcome: 'finished', reason, ...spent, evidence: shown, ...conditionsOf(machine, {}) };
  }
  const ran = whatRanIn(ending.stages, trace);
  if (ran.refusal !== undefined) {
    return { outcome: 'crashed', reason: ran.refusal, ...spent, ...conditionsOf(machine, {}) };
  }
  const { measurement } = reading;
  const conditions = conditionsOf(machine, metrics);
  return { outcome: 'finished', reason: '', measurement, ...spent, evidence: '', ...conditions, ...unreadOf(ran) };
}

/** Nothing is asked of a job that does not train, such as a scorer on its own. */
function whatRanIn(stages: readonly EndedStage[], { editable = [], imports = {} }: RunTrace): WhatRan {
  if (!stages.some(({ name }) => name === 'train')) return { unread: [], refusal: undefined };
  return whatRan(
    editable,
    stages.map(({ name, opened }) => ({ opened, imports: imports[name] ?? [] })),
  );
}

function unreadOf({ unread }: WhatRan): { unread?: string[] } {
  return unread.length === 0 ? {} : { unread: [...unread] };
}

interface Failure extends Pick<RunResult, 'isOverrun' | 'excessSeconds'> {
  readonly outcome: Outcome;
  readonly reason: string;
  /** Whether the machine's state during the scoring may be why, not that during the training. */
  readonly isOfScoring?: true;
}

function failureOf(ending: Ending & { kind: 'ended' }, trace: RunTrace): Failure | undefined {
  if (ending.ending === 'cancelled' && ending.kill) return ending.kill;
  if (ending.ending === 'cancelled') return { outcome: 'cancelled', reason: 'stopped before it ended' };
  if (ending.ending === 'deadline')
    return { outcome: 'timed-out', reason: `ended at its time limit after ${formatDuration(ending.seconds)}` };
  if (trace.changed !== undefined) return { outcome: 'crashed', reason: `void: it changed ${trace.changed}` };
  if (trace.doubtful !== undefined)
    return { outcome: 'lost', reason: `${trace.doubtful} changed while it and other runs were in flight` };
  const failed = ending.stages.find((stage) => stage.exitCode !== 0 && stage.atBudget !== true);
  if (!failed) return undefined;
  if (outsideSignals.includes(failed.signal)) return { outcome: 'lost', reason: `${failed.signal} ended it` };
  const log = failed.name === 'score' ? (trace.scoreLog ?? '') : trace.trainLog;
  const prefix = failed.name === 'score' ? 'the scorer failed: ' : '';
  const error = endingErrorOf(log);
  if (error.isOutOfMemory) return { outcome: 'out-of-memory', reason: `${prefix}out of memory` };
  return { outcome: 'crashed', reason: prefix + crashReason(failed, error.text) };
}

function doubtOf({ changed, doubtful }: RunTrace): { isDoubtful?: true } {
  return doubtful === undefined || changed !== undefined ? {} : { isDoubtful: true };
}

/** What the training took and when it said how far it was, on the budget's clock; and its memory. */
function trainedOf(train: EndedStage | undefined, { clock }: Allowance): Trained {
  if (!train) return {};
  const { progress, peakMemoryMb, peakGpuMemoryMb, conditions: { pausedSeconds = 0 } = {} } = train;
  const on = ({ seconds, cpuSeconds }: Moment) => (clock === 'cpu' ? cpuSeconds : seconds);
  return {
    trainSeconds: clock === 'cpu' ? train.cpuSeconds : Math.max(0, train.seconds - pausedSeconds),
    ...(progress && { progressSeconds: { first: on(progress.first), last: on(progress.last) } }),
    ...(peakMemoryMb === undefined ? {} : { peakMemoryMb }),
    ...(peakGpuMemoryMb === undefined ? {} : { peakGpuMemoryMb }),
  };
}

type Trained = Pick<RunResult, 'trainSeconds' | 'progressSeconds' | 'peakMemoryMb' | 'peakGpuMemoryMb'>;

/** Only the training is timed, so only its conditions matter. */
function conditionsOf(machine: MachineConditions | undefined, metrics: Measurement['metrics']) {
  const conditions: RunConditions = { ...machine, ...stepRate(metrics) };
  return Object.keys(conditions).length === 0 ? {} : { conditions };
}

function overrun(
  { trainSeconds, progressSeconds, scoring }: Trained & { scoring?: Scoring },
  conditions: MachineConditions | undefined,
  metrics: Measurement['metrics'],
  allowance: RunAllowance,
): Failure | undefined {
  if (trainSeconds === undefined) return undefined;
  const trained = { seconds: trainSeconds, progressSeconds, conditions, metrics };
  const overrun = overrunOf(trained, allowance);
  if (overrun) return { outcome: 'timed-out', isOverrun: true, ...overrun };
  if (!scoring) return undefined;
  const speed = believedSpeed({ metrics, conditions }, allowance);
  const { clock, scoring: most = {} } = allowance;
  const learned = scoringOverrunOf(scoring, most, { clock, speed, trainingStart: progressSeconds?.first });
  return learned === undefined
    ? undefined
    : { outcome: 'timed-out', reason: learned, isOverrun: true, isOfScoring: true };
}

/** A run during which the machine stood still, slept or had its clock set says nothing about a candidate by failing. */
function excused(failure: Failure, { stages }: Ending & { kind: 'ended' }): Failure {
  const what =
    failure.outcome === 'cancelled' ? undefined : disturbanceOf(stages.map((stage) => stage.conditions ?? {}));
  return what === undefined ? failure : { outcome: 'lost', reason: `${what} (it then ended so: ${failure.reason})` };
}

function crashReason(stage: EndedStage, said: string): string {
  if (stage.signal === 'SIGKILL') return 'killed by SIGKILL, perhaps for want of memory';
  if (stage.signal !== null) return `killed by ${stage.signal}`;
  return said === '' ? `exit code ${stage.exitCode}` : `exit code ${stage.exitCode}: ${said}`;
}

/** The evidence with the line that the reason is about before it, where that was printed earlier. */
function withLine(evidence: string, line = ''): string {
  const said = line.trim().slice(0, 500);
  return said === '' || evidence.includes(said) ? evidence : `${said}\n…\n${evidence}`;
}

function evidenceOf(ending: Ending, trace: RunTrace): string {
  const isScoring = ending.kind === 'ended' && ending.stages.some((stage) => stage.name === 'score');
  return lastLines(
    screenText(isScoring ? (trace.scoreLog ?? '') || trace.trainLog : trace.trainLog),
    evidenceLines,
  ).slice(-4000);
}
