/**
 * The first page of a study: its headline, what runs now, what the owner may ask for, and how far it is.
 */
import { formatBytes, formatDuration, formatMetric } from '../../core/base/format.ts';
import type { Note } from '../../core/journal/history.ts';
import type { Frozen } from '../../core/journal/kept-settings.ts';
import { runName } from '../../core/views/in-flight.ts';
import type { LiveRun } from '../../core/views/live-run.ts';
import type { Curves } from '../../core/views/report/curves.ts';
import type { Report } from '../../core/views/report/report.ts';
import type { Status } from '../../core/views/status.ts';
import type { StopRule } from '../../core/views/stop-rules.ts';
import { isWorkedOnIn } from '../../core/views/study-state.ts';
import { type TrackerStatus, trackerText } from '../../core/views/tracker-status.ts';
import { figuresOf } from '../figures.ts';
import { figureShower } from '../html/figure-text.ts';
import { headlineSection } from '../html/headline.ts';
import { progressBlock, sectionBlock } from '../html/parts.ts';
import { type Markup, markup } from '../markup.ts';
import { outlookSection } from '../sections/outlook.ts';
import { curvesFigure } from '../svg/curves-figure.ts';
import { actForms } from './acts.ts';
import { clockTime } from './clock-time.ts';
import { experimentLink, type Place } from './links.ts';
import { stopRuleList } from './stop-rules.ts';

export interface NowView {
  readonly status: Status;
  readonly report: Report;
  readonly runs: readonly LiveRun[];
  /** Of the runs in flight and the incumbent. */
  readonly curves: Curves | undefined;
  readonly trackers: readonly TrackerStatus[];
  readonly rules: readonly StopRule[];
  /** How long a run trains, and by which clock. */
  readonly budget: Pick<Frozen, 'budgetSeconds' | 'budgetClock'>;
  /** The owner's notes that the journal has. */
  readonly notes: readonly Note[];
  /** Whether who proposes reads notes. */
  readonly isRead: boolean;
}

/** The page's content. */
export function nowPage(place: Place, view: NowView): Markup {
  const { report, status } = view;
  const figure = figureShower(figuresOf(report), report.decimals);
  return markup`${headlineSection(report, figure)}
${troubles(status)}
<section id="running"><h2>Running now</h2>${running(place, view)}</section>
${actForms(view)}
${report.progress.steps.length === 0 ? undefined : progressBlock(report.progress, (experiment) => experimentLink(place, experiment))}
${stopRuleList(view.rules, status.timeLeft)}
${sectionBlock(outlookSection, report, figure)}
${trackerList(view.trackers)}`;
}

function running(place: Place, { runs, status, budget, curves }: NowView): Markup {
  if (runs.length === 0) return markup`<p>${idleText(status)}</p>${waitingText(place, status)}`;
  const cards = runs.map((run) => runCard(place, run, status.state, budget));
  const figure =
    curves &&
    markup`<figure id="live-curves"><div class="wide">${curvesFigure(curves, 'wide')}</div><div class="narrow">${curvesFigure(curves, 'narrow')}</div></figure>`;
  return markup`<div class="runs">${cards}</div>${waitingText(place, status)}${figure}`;
}

function idleText({ state, gpuPause, pausedSince, roomAwaited, away }: Status): string {
  if (!isWorkedOnIn(state)) return 'No controller works on this study.';
  if (pausedSince !== undefined) return `Paused since ${clockTime(pausedSince)}: nothing begins until it is resumed.`;
  if (gpuPause) return 'The study waits for its GPU.';
  if (roomAwaited) return 'The study waits for room on the disk.';
  if (state === 'waiting')
    return away ? 'The study waits for its model.' : 'The study waits for an experiment to be handed in.';
  return 'No run is in flight: the next experiment is being proposed.';
}

function waitingText(place: Place, { waiting = [], handedIn = [] }: Status): Markup | undefined {
  if (waiting.length + handedIn.length === 0) return undefined;
  const links = waiting.map((experiment) => markup` <a href="${experimentLink(place, experiment)}">${experiment}</a>`);
  const slots = waiting.length > 0 ? markup`<p class="facts">Waiting for a slot:${links}</p>` : undefined;
  const own =
    handedIn.length > 0 ? markup`<p class="facts">Handed in, to be run next: ${handedIn.join(', ')}</p>` : undefined;
  return markup`${slots}${own}`;
}

function runCard(place: Place, run: LiveRun, state: Status['state'], budget: NowView['budget']): Markup {
  const name = runName(run);
  return markup`<article class="card run" id="run-${run.experiment}-${run.run}${run.confirmation ? `-${run.confirmation.contender}` : ''}"><h3><a href="${experimentLink(place, run.experiment)}">${name}</a></h3>
<p class="what">${run.title}</p>${isWorkedOnIn(state) ? clock(run, budget, name) : markup`<p class="facts">The next start of the study takes it up.</p>`}
${run.log.length === 0 ? undefined : markup`<pre class="log tail" tabindex="0" aria-label="log of ${name}">${run.log.join('\n')}</pre>`}</article>`;
}

function clock(
  { seconds, progress }: LiveRun,
  { budgetSeconds, budgetClock }: NowView['budget'],
  name: string,
): Markup {
  const budget =
    budgetClock === 'cpu'
      ? `, budget ${formatDuration(budgetSeconds)} of CPU time`
      : ` of ${formatDuration(budgetSeconds)}`;
  const share = progress?.progress ?? (seconds === undefined ? 0 : Math.min(1, seconds / budgetSeconds));
  const facts = [
    seconds === undefined ? '' : `${formatDuration(seconds)}${budget}`,
    progress?.loss === undefined ? '' : `loss ${formatMetric(progress.loss)}`,
    progress?.step === undefined ? '' : `step ${progress.step}`,
  ];
  return markup`<progress max="1" value="${share.toFixed(3)}" aria-label="${name}: share of the budget"></progress><p class="facts">${facts.filter(Boolean).join(', ')}</p>`;
}

/** How far each tracker is; one that fails stands out. */
function trackerList(trackers: readonly TrackerStatus[]): Markup | undefined {
  if (trackers.length === 0) return undefined;
  const items = trackers.map(
    (status) =>
      markup`<li${status.failure ? markup` class="warning"` : undefined}>${trackerText(status, clockTime)}</li>`,
  );
  return markup`<section id="trackers"><h2>Trackers</h2><ul class="plain troubles">${items}</ul></section>`;
}

/** What keeps the study from going on, and what looks wrong with it. */
function troubles({ gpuPause, roomAwaited, away = [], warnings, baselineFailure }: Status): Markup | undefined {
  const lines = [
    ...(baselineFailure === null ? [] : [`The baseline has no score: ${baselineFailure}`]),
    ...(gpuPause ? [`Waiting since ${clockTime(gpuPause.since)}: ${gpuPause.reason}`] : []),
    ...(roomAwaited
      ? [`No room is left on the disk (${formatBytes(roomAwaited.free)} free); the study goes on when there is.`]
      : []),
    ...away.map(({ model, since, code }) => `${model} is away since ${clockTime(since)} (${code}); it is asked again.`),
    ...warnings,
  ];
  if (lines.length === 0) return undefined;
  return markup`<ul class="plain troubles">${lines.map((line) => markup`<li class="warning">${line}</li>`)}</ul>`;
}
