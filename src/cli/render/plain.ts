/**
 * The loop's events as lines for people: one when an experiment is proposed, one when its verdict is given.
 */
import pc from 'picocolors';
import type { EntryOf } from '../../core/entry.ts';
import { formatDuration, formatMetric } from '../../core/format.ts';
import type { LoopEvent } from '../../core/loop-event.ts';
import { plainText } from '../../core/plain-text.ts';

/** The line of an event; undefined for what is not worth one. */
export function lineOf(event: LoopEvent): string | undefined {
  switch (event.event) {
    case 'study-started':
      return startLine(event);
    case 'study-resumed':
      return `Going on${event.changed.length > 0 ? `; changed since: ${event.changed.join(', ')}` : ''}.`;
    case 'step-begun':
      return event.step === 'prepare' ? 'Preparing the data …' : undefined;
    case 'proposal-made':
      return `${number(event.experiment)} ${clean(event.proposal.title)}`;
    case 'proposal-refused':
      return pc.dim(`     refused: ${clean(event.title)}: ${clean(event.reason)}`);
    case 'run-ended':
      return runLine(event);
    case 'verdict-given':
      return verdictLine(event);
    case 'warning-raised':
      return pc.yellow(`warning: ${clean(event.message)}`);
    case 'study-stopped':
      return `Stopped (${event.reason}): ${event.detail}.`;
    default:
      return undefined;
  }
}

function startLine({ tag, frozen, session, isolation }: EntryOf<'study-started'>): string {
  const clock = frozen.budgetClock === 'cpu' ? ' of CPU time' : '';
  const budget = `${formatDuration(frozen.budgetSeconds)}${clock} a run`;
  const { researcher, policy } = session;
  return `Study ${pc.bold(tag)}: ${frozen.metric.goal} ${frozen.metric.name}, ${budget}, researcher ${researcher}, policy ${policy}, isolation ${isolation}.`;
}

function runLine({ experiment, run, result }: EntryOf<'run-ended'>): string | undefined {
  if (!result.measurement) return pc.dim(`     ${result.outcome}: ${clean(result.reason)}`);
  if (experiment !== 0) return undefined;
  return `${number(0)} baseline, run ${run}: ${formatMetric(result.measurement.value)} in ${formatDuration(result.seconds)}`;
}

function verdictLine({ experiment, verdict }: EntryOf<'verdict-given'>): string | undefined {
  if (experiment === 0) return undefined;
  const figures = verdict.statistics ? `${formatMetric(verdict.statistics.mean)}  ` : '';
  const word = verdict.decision === 'keep' ? pc.green('kept') : verdict.decision;
  return `     ${figures}${word}: ${clean(verdict.reason)}`;
}

function number(experiment: number): string {
  return String(experiment).padStart(4);
}

/** Titles and reasons may quote training output, which may hold terminal codes. */
function clean(text: string): string {
  return plainText(text).replace(/\s+/g, ' ');
}
