/**
 * The loop's events as lines for people: one when an experiment is proposed, one when its verdict is given.
 */

import { alternativesText, formatAt, formatBytes, formatDuration, formatMetric } from '../../core/base/format.ts';
import { policyNames } from '../../core/base/names.ts';
import { plainText } from '../../core/base/plain-text.ts';
import { proposersOf } from '../../core/brief/proposers.ts';
import { isCutShort } from '../../core/journal/cut-short.ts';
import type { EntryOf } from '../../core/journal/entry.ts';
import type { AbsentResearcher } from '../../core/journal/entry-parts.ts';
import { failureText } from '../../core/journal/failure-text.ts';
import { type History, hasOneSlot, isDropped } from '../../core/journal/history.ts';
import type { LoopEvent, StepBegun } from '../../core/journal/loop-event.ts';
import { metricDecimals, runDecimals } from '../../core/journal/metric-decimals.ts';
import type { RunResult } from '../../core/journal/run.ts';
import type { Verdict } from '../../core/journal/verdict.ts';
import { gpuAwayText } from '../../core/views/conditions.ts';
import { extensionText } from '../../core/views/extension-text.ts';
import { isolationGist, isolationOf } from '../../core/views/isolation.ts';
import { mendText } from '../../core/views/mend-text.ts';
import { stopText } from '../../core/views/status.ts';
import { coloursFor } from './colours.ts';

/** The line of an event, as the study stands after it; undefined for what needs none. */
export function lineOf(event: LoopEvent, history: History | undefined): string | undefined {
  const { dim, yellow } = coloursFor(process.stderr);
  switch (event.event) {
    case 'study-started':
      return startLine(event);
    case 'study-resumed':
      return resumeLines(event);
    case 'step-begun':
      return stepLine(event.step);
    case 'proposal-made':
      return proposalLine(event);
    case 'reapplied':
      return dim(`${number(event.experiment)} goes on from experiment ${event.parent}, which was kept meanwhile`);
    case 'proposal-refused':
      return dim(
        `     refused: ${[event.title, event.reason]
          .filter((part) => part !== '')
          .map(clean)
          .join(': ')}`,
      );
    case 'drift-suspected':
      return yellow(`     drift suspected: ${event.reason}; ${incumbentName(event.experiment)} is run again`);
    case 'gain-doubted':
      return yellow(`     gain doubted: ${event.reason}; ${incumbentName(event.experiment)} is run again`);
    case 'gpu-away':
      return yellow(`     waiting: ${gpuAwayText(event)}; the study goes on when it can be used`);
    case 'gpu-back':
      return '     the GPU can be used again: the study goes on';
    case 'stop-requested':
      return event.isAfterExperiment ? yellow('     stopping: runs in flight end, nothing begins any more') : undefined;
    case 'study-paused':
      return yellow('     paused: runs in flight end, nothing begins; `nocturne resume` goes on');
    case 'pause-ended':
      return '     resumed: the study goes on';
    case 'withdrawal-asked':
      return yellow(`     experiment ${event.experiment} is to be taken out, as the owner asked`);
    case 'keep-withdrawn':
      return yellow(`     taken out: experiment ${event.experiment}; ${withdrawnText(history)}`);
    case 'stop-extended':
      return `     extended to ${extensionText(event)}`;
    case 'room-awaited':
      return yellow(
        `     waiting: no room is left on the disk (${formatBytes(event.free)} free); the study goes on when there is`,
      );
    case 'room-found':
      return '     there is room on the disk: the study goes on';
    case 'journal-mended':
      return yellow(`warning: ${clean(mendText(event))}`);
    case 'space-changed':
      return dim(`     ranges: ${event.changes.map(({ knob, to }) => `${knob} ${to}`).join(', ')} (${event.reason})`);
    case 'handed-in':
      return dim(`     handed in as ${event.experiment}: ${clean(event.title)}`);
    case 'note-read':
      return `     note: ${clean(event.text)}`;
    case 'run-ended':
      return runLine(event, history);
    case 'holdout-scored':
      return dim(`     ${holdoutLine(event)}`);
    case 'confirmation-planned':
      return planLines(event);
    case 'confirmation-run-ended':
      return contenderLine(event, history);
    case 'verdict-given':
      return verdictLine(event, history);
    case 'warning-raised':
      return yellow(`warning: ${clean(event.message)}`);
    case 'study-stopped':
      return stopLine(event);
    default:
      return undefined;
  }
}

/** What is left after a keep was taken out, and what is tried again on it. */
function withdrawnText(history: History | undefined): string {
  if (!history) return 'the keep before it is the best again';
  const { incumbent, overtaken } = history;
  const best = incumbent === 0 ? 'the baseline is' : `experiment ${incumbent} is`;
  return `${best} the best again${overtaken.length === 0 ? '' : `, on which ${overtaken.join(', ')} will be tried again`}`;
}

function stepLine(step: StepBegun['step']): string | undefined {
  if (step === 'prepare') return 'Preparing the data …';
  return step === 'await-hand-in' ? 'Waiting for an experiment: `nocturne try` hands one in.' : undefined;
}

/** Without the score: the owner is not shown held-out scores while a study goes on. */
function holdoutLine({ experiment, run, result }: EntryOf<'holdout-scored'>): string {
  const whose = experiment === 0 ? `baseline run ${run}` : `experiment ${experiment}, run ${run}`;
  return result.measurement
    ? 'what was kept is graded on the holdout, data on which nothing was decided'
    : `no holdout grade of ${whose}: ${clean(result.reason)}`;
}

function planLines(plan: EntryOf<'confirmation-planned'>): string {
  const { runs, contenders, split, reason, inseparable, budgetSeconds } = plan;
  const where = split === 'holdout' ? 'graded on the holdout' : `graded on validation (${reason})`;
  const budget = budgetSeconds === undefined ? '' : `, ${formatDuration(budgetSeconds)} of training each`;
  const names = contenders.map(({ contender }) => contender).join(', ');
  return [
    `${names}: ${runs} fresh seeds each${budget}, ${where}`,
    ...inseparable.map((step) => `without-${step.experiment}: ${clean(step.reason)}`),
  ].join('\n');
}

function contenderLine({ contender, run, result }: EntryOf<'confirmation-run-ended'>, history?: History): string {
  const outcome = result.measurement
    ? `${scoreText(result.measurement.value, history, runDecimals)} in ${formatDuration(result.seconds)}`
    : clean(failureText(result.outcome, result.reason));
  return `     ${contender}, run ${run}: ${outcome}${contentionNote(result)}`;
}

function startLine(event: EntryOf<'study-started'>): string {
  const { tag, frozen, absent = [] } = event;
  const clock = frozen.budgetClock === 'cpu' ? ' of CPU time' : '';
  const budget = `${formatDuration(frozen.budgetSeconds)}${clock} a run`;
  const { bold } = coloursFor(process.stderr);
  const first = `Study ${bold(tag)}: ${frozen.metric.goal} ${frozen.metric.name}, ${budget}`;
  return [first, ...means(event), ...absent.map(absentLine)].join('\n');
}

/** What a newcomer should know of the settings, in words; a policy only where it is not the usual one. */
function means(event: EntryOf<'study-started'>): string[] {
  const { session, absent = [] } = event;
  const { researcher, policy } = session;
  const names = proposersOf(session).map(({ name }) => name);
  const present = names.filter((name) => !absent.some((each) => each.researcher === name));
  const mix = researcher === 'auto' ? `, a mix of ${alternativesText(present, 'and')}` : '';
  return [
    `     who proposes: ${researcher}${mix}`,
    ...(policy === policyNames[0] ? [] : [`     what is kept is decided by the policy ${policy}`]),
    isolationLine(event),
  ];
}

function resumeLines(event: EntryOf<'study-resumed'>): string {
  const { changed, absent = [] } = event;
  const changes = changed.length > 0 ? [`Changed since the last session: ${changed.join(', ')}.`] : [];
  return [...changes, ...endlessLines(event), isolationLine(event), ...absent.map(absentLine)].join('\n');
}

/** What bounded the last session may have been a flag of its command. */
function endlessLines({ changed, session }: EntryOf<'study-resumed'>): readonly string[] {
  if (!changed.includes('stop') || Object.values(session.stop).some((limit) => limit !== undefined)) return [];
  return ['     no stop rule ends it now: `--max-experiments`, or `stop:` in the brief, sets one'];
}

/** What the session's runs are kept from. */
function isolationLine(event: EntryOf<'study-started' | 'study-resumed'>): string {
  return `     ${isolationGist(isolationOf(event))}`;
}

function absentLine({ researcher, reason }: AbsentResearcher): string {
  return `     ${researcher} takes no part: ${reason}`;
}

/** Who proposed is said where there is a choice: in a mix, and where one stands in for another. */
function proposalLine({
  experiment,
  proposal,
  researcher,
  arm,
  why,
  parent,
  reapplies,
}: EntryOf<'proposal-made'>): string {
  const { dim } = coloursFor(process.stderr);
  const again = reapplies === undefined ? '' : dim(` (the edits of ${reapplies} on ${parent})`);
  const line = `${number(experiment)} ${clean(proposal.title)}${again}`;
  if (arm === undefined && why === undefined) return line;
  const name = arm ?? researcher;
  return why ? `${line}\n${dim(`     ${name}: ${clean(why)}`)}` : `${line}${dim(`  by ${name}`)}`;
}

function runLine({ experiment, run, result }: EntryOf<'run-ended'>, history?: History): string | undefined {
  if (!result.measurement) {
    // What the candidate did is in the verdict's line; a run that was cut short, or a baseline without score, is here.
    const isSaidLater = experiment > 0 && !isCutShort(result);
    const margin = marginOf(experiment, history);
    return isSaidLater
      ? undefined
      : coloursFor(process.stderr).dim(`${margin} ${clean(failureText(result.outcome, result.reason))}`);
  }
  const { contention } = result;
  if (contention) {
    const name = experiment === 0 ? `baseline, run ${run}` : 'the run';
    return `${marginOf(experiment, history)} ${name}${contentionNote(result)}`;
  }
  if (experiment !== 0) return undefined;
  return `${number(0)} baseline, run ${run}: ${scoreText(result.measurement.value, history, runDecimals)} in ${formatDuration(result.seconds)}`;
}

/** That the machine, not the candidate, may have made the score; empty otherwise. */
function contentionNote({ contention }: RunResult): string {
  if (!contention) return '';
  const { isRepeated, reason } = contention;
  const what = isRepeated ? `does not count and is run again: ${reason}` : `counts, although ${reason}`;
  return coloursFor(process.stderr).yellow(` ${what}`);
}

function verdictLine({ experiment, verdict }: EntryOf<'verdict-given'>, history?: History): string | undefined {
  if (experiment === 0) return undefined;
  const { statistics } = verdict;
  const margin = marginOf(experiment, history);
  const record = history?.experiments[experiment];
  if (record && isDropped(record)) return coloursFor(process.stderr).dim(`${margin} ${clean(verdict.reason)}`);
  const figures = statistics ? `${scoreText(statistics.mean, history, metricDecimals)}  ` : '';
  const outcome = statistics ? undefined : record?.runs.at(-1)?.result?.outcome;
  const reason = clean(failureText(outcome, verdict.reason));
  return `${margin} ${figures}${decisionWord(verdict)}${reason === '' ? '' : `: ${reason}`}`;
}

/** Its number where several experiments are under way, so that a line need not stand below its proposal; else as much room. */
function marginOf(experiment: number, history: History | undefined): string {
  const isLast = history === undefined || experiment === history.experiments.length - 1;
  const isOne = history === undefined || hasOneSlot(history);
  return isOne && (isLast || experiment === 0) ? '    ' : number(experiment);
}

/** A score with the decimals that this function finds for the study. */
function scoreText(value: number, history: History | undefined, decimalsOf: (history: History) => number): string {
  return history ? formatAt(value, decimalsOf(history)) : formatMetric(value);
}

function incumbentName(experiment: number): string {
  return experiment === 0 ? 'the baseline' : `experiment ${experiment}, the best so far,`;
}

function decisionWord({ decision, statistics }: Verdict): string {
  const { green, red } = coloursFor(process.stderr);
  if (decision === 'keep') return green('kept');
  if (decision === 'rerun') return 'running again';
  return statistics ? 'reverted' : red('failed');
}

function stopLine({ reason, detail }: EntryOf<'study-stopped'>): string {
  return `${stopText({ reason, detail: reason === 'stopped' ? detail : detail.replace('; ', ';\n     ') })}.`;
}

function number(experiment: number): string {
  return String(experiment).padStart(4);
}

/** Titles and reasons may quote training output, which may hold terminal codes. */
function clean(text: string): string {
  return plainText(text).replace(/\s+/g, ' ');
}
