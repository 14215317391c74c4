/**
 * `nocturne status` for people.
 */
import { countText, formatAt, formatBytes, formatDuration, formatRounded, withNotes } from '../../core/base/format.ts';
import { plainText } from '../../core/base/plain-text.ts';
import { voucherText } from '../../core/journal/run.ts';
import { gainText } from '../../core/views/confirmation-text.ts';
import type { ConfirmedStatus } from '../../core/views/confirmed-status.ts';
import { outlookCaveat, outlookParts } from '../../core/views/forecast/outlook.ts';
import { runName } from '../../core/views/in-flight.ts';
import { isolationSummary } from '../../core/views/isolation.ts';
import { gainFigures, type LastingGain } from '../../core/views/lasting-gain.ts';
import { placesText } from '../../core/views/places.ts';
import { spendingText } from '../../core/views/spending.ts';
import { countsText, type Status } from '../../core/views/status.ts';
import { isWorkedOnIn } from '../../core/views/study-state.ts';
import { progressText, timeLeftText } from '../../core/views/time-left.ts';
import { type TrackerStatus, trackerText } from '../../core/views/tracker-status.ts';
import { coloursFor } from './colours.ts';
import { wrapUnderNames } from './fit-text.ts';
import { dayAndTime, timeOfDay } from './time-of-day.ts';

/** Where the texts of the lines begin. */
const textColumn = 10;

/** A few lines: state, baseline and best, counts, what was spent, why it stopped. */
export function statusText(status: Status): string {
  const { baseline, best, stop, decimals } = status;
  const show = (value: number) => formatAt(value, decimals);
  const sd = baseline?.sd == null ? '' : `, sd ${show(baseline.sd)}`;
  const interval = best?.ci95 ? `, 95 % interval ${best.ci95.map(show).join(' to ')}` : '';
  const lines = [
    `${coloursFor(process.stdout).bold(status.tag)}: ${status.state}`,
    baseline
      ? `baseline  ${status.metric} ${show(baseline.mean)} (${countText(baseline.n, 'run')}${sd})`
      : `baseline  ${status.baselineFailure === null ? 'not measured yet' : `failed: ${status.baselineFailure}`}`,
    best
      ? `best      ${status.metric} ${show(best.mean)} (${best.experiment === 0 ? 'the baseline' : `experiment ${best.experiment}`}, ${countText(best.n, 'run')}${interval}${best.vouched ? `, ${voucherText(best.vouched)}` : ''})`
      : '',
    `tried     ${countsText(status)}`,
    progressLine(status),
    ...inFlightLines(status),
    status.waiting ? `waiting   ${status.waiting.join(', ')}, for a slot` : '',
    status.handedIn ? `handed in ${status.handedIn.join(', ')}, to be run next` : '',
    status.toWithdraw ? `revert    ${status.toWithdraw.join(', ')}, to be taken out next` : '',
    `spent     ${spentParts(status).join(', ')}`,
    status.places ? `runs on   ${placesText(status.places)}` : '',
    `isolation ${isolationText(status)}`,
    ...confirmedLines(status),
    status.lasting ? lastingLine(status.lasting) : '',
    ...(status.away ?? []).map(awayLine),
    status.pausedSince === undefined ? '' : ownerPauseLine(status.pausedSince, status.tag),
    status.gpuPause ? gpuLine(status.gpuPause) : '',
    status.roomAwaited ? roomLine(status.roomAwaited) : '',
    stop ? `stopped   ${reasonText(stop)}` : '',
    ...outlookLines(status),
  ];
  const told = wrapUnderNames(lines.filter(Boolean).join('\n'), textColumn);
  return withNotes([told, ...researcherLines(status)].join('\n'));
}

/** A line for each tracker that the study is sent to. */
export function trackerLines(trackers: readonly TrackerStatus[] = []): string[] {
  const lines = trackers.map((status, index) => {
    const line = `${(index === 0 ? 'trackers' : '').padEnd(textColumn)}${plainText(trackerText(status, dayAndTime))}`;
    return status.failure ? coloursFor(process.stdout).yellow(line) : line;
  });
  return lines.length === 0 ? [] : [wrapUnderNames(lines.join('\n'), textColumn)];
}

/** How far it is and when it may end; empty for a study that has ended. */
function progressLine({ timeLeft }: Status): string {
  if (!timeLeft) return '';
  const parts = [progressText(timeLeft) ?? '', timeLeftText(timeLeft, dayAndTime)];
  return `progress  ${parts.filter(Boolean).join('; ')}`;
}

/** One line for each run in flight; of a study that nobody works on, those that the next start adopts. */
function inFlightLines({ inFlight = [], state }: Status): string[] {
  const isLive = isWorkedOnIn(state);
  const title = isLive ? 'running   ' : 'left      ';
  return inFlight.map((run, index) => {
    const time = run.seconds === undefined ? '' : `, for ${formatDuration(run.seconds)}`;
    const what = isLive ? '' : ', which the next start adopts';
    return `${index === 0 ? title : ' '.repeat(textColumn)}${runName(run)}${time}${what}`;
  });
}

function isolationText({ isolation, lowestIsolation, network, open }: Status): string {
  const summary = isolationSummary({ tier: isolation, hasNetwork: network, open: open ?? [] });
  return lowestIsolation === undefined ? summary : `${summary}; ${lowestIsolation} in an earlier session`;
}

function reasonText({ reason, detail }: NonNullable<Status['stop']>): string {
  return reason === 'stopped' ? detail.replace(/^stopped /, '') : `${reason}: ${detail}`;
}

/** A table of the researchers, for a study that mixed them. */
function researcherLines({ arms, decimals }: Status): string[] {
  if (arms.length === 0) return [];
  const header = `${'researcher'.padEnd(14)}${'tried'.padStart(7)}${'kept'.padStart(7)}${'gain'.padStart(11)}${'trained'.padStart(12)}${'gain/h'.padStart(11)}`;
  const lines = arms.map(({ arm, tried, kept, gain, gpuSeconds, gainPerGpuHour }) =>
    [
      arm.padEnd(14),
      String(tried).padStart(7),
      String(kept).padStart(7),
      formatAt(gain, decimals).padStart(11),
      formatDuration(gpuSeconds).padStart(12),
      (gainPerGpuHour === null ? '' : formatRounded(gainPerGpuHour, 3)).padStart(11),
    ].join(''),
  );
  return ['', coloursFor(process.stdout).dim(header), ...lines];
}

function confirmedLines({ confirmed, gauge, warnings }: Status): string[] {
  const { yellow } = coloursFor(process.stdout);
  const raised = [...(gauge?.warning === undefined ? [] : [gauge.warning]), ...warnings];
  const warning = raised.map((text) => yellow(`warning   ${plainText(text)}`));
  if (!confirmed) return warning;
  return [confirmedLine(confirmed), ...warning];
}

/** What to expect, a line a part; a plateau and a reason to stop stand out. */
function outlookLines({ outlook, decimals }: Status): string[] {
  if (!outlook) return [];
  const { yellow, dim } = coloursFor(process.stdout);
  const told = (line: string) => (outlook.advice === 'go-on' ? line : yellow(line));
  const lines = outlookParts(outlook, decimals).map(([name, text]) => `${name.padEnd(textColumn)}${text}`);
  return [...lines.slice(0, -1), told(lines.at(-1) ?? ''), dim(`${' '.repeat(textColumn)}${outlookCaveat(outlook)}`)];
}

function gpuLine({ since, reason }: NonNullable<Status['gpuPause']>): string {
  return `waiting   since ${timeOfDay(since)}: ${plainText(reason)}; it goes on when the GPU can be used`;
}

function roomLine({ free }: NonNullable<Status['roomAwaited']>): string {
  return `waiting   no room is left on the disk (${formatBytes(free)} free); it goes on when there is`;
}

function ownerPauseLine(since: string, tag: string): string {
  return `paused    by the owner since ${timeOfDay(since)}; \`nocturne resume --tag ${tag}\` goes on`;
}

function awayLine({ model, since, code }: NonNullable<Status['away']>[number]): string {
  return `away      ${plainText(model)} since ${timeOfDay(since)} (${code}); it is asked again from time to time`;
}

function lastingLine({ experiment, longerSeconds, longer, verdict }: LastingGain): string {
  return `lasting   experiment ${experiment} at ${formatDuration(longerSeconds)}: gain ${gainFigures(longer)}: ${verdict}`;
}

/** The latest confirmation in one line. */
export function confirmedLine({ experiment, split, isShown, comparison }: ConfirmedStatus): string {
  const word = isShown ? 'confirmed' : 'not confirmed:';
  return `${word} experiment ${experiment} on ${split}: ${comparison ? gainText(comparison) : 'no score'}`;
}

function spentParts({ runs, spent }: Status): string[] {
  const models = spendingText(spent);
  return [
    countText(runs, 'run'),
    `${formatDuration(spent.hours * 3600)} live`,
    ...(models === undefined ? [] : [models]),
  ];
}
