/**
 * The page of one experiment: what it changed and why, how its runs went, and its curve beside that of its parent.
 */
import {
  chanceText,
  countText,
  formatAt,
  formatBytes,
  formatDuration,
  formatUsd,
  gainPhrase,
  notesFor,
} from '../../core/base/format.ts';
import { failureText } from '../../core/journal/failure-text.ts';
import { voucherText } from '../../core/journal/run.ts';
import type { ExperimentView, RunLine } from '../../core/views/experiment-page.ts';
import { diffBlock } from '../html/diff-block.ts';
import { type Markup, markup } from '../markup.ts';
import { curvesFigure } from '../svg/curves-figure.ts';
import { clockTime } from './clock-time.ts';
import { experimentLink, type Place } from './links.ts';

/** The page's content. */
export function experimentPage(place: Place, view: ExperimentView): Markup {
  const { row, hypothesis, log, hiddenLines, patch } = view;
  const cut = hiddenLines > 0 ? `… ${hiddenLines} more lines: nocturne diff ${row.experiment}` : undefined;
  return markup`<article>${steps(place, view)}<h1 class="small"><span class="number">${row.experiment}.</span> ${row.title}</h1>
<p class="lead"><span class="pill is-${row.status}">${row.status}</span> ${verdict(view)}</p>
${hypothesis === '' ? undefined : markup`<p class="hypothesis">${hypothesis}</p>`}
<ul class="plain facts" id="facts">${facts(place, view).map((fact) => markup`<li>${fact}</li>`)}</ul>
${part('diff', 'Diff', row.experiment === 0 ? markup`<p class="quiet">The baseline is the script as it was.</p>` : (diffBlock(patch, cut) ?? markup`<p class="quiet">Its diff is not there.</p>`))}
${part('curve', 'Loss curve', curve(view))}
${part('runs', 'Runs', runTable(view))}
${part('log', 'Log', log.length === 0 ? undefined : markup`<pre class="log tail" tabindex="0">${log.join('\n')}</pre>`)}</article>`;
}

function part(id: string, heading: string, content: Markup | undefined): Markup | undefined {
  return content && markup`<section id="${id}"><h2>${heading}</h2>${content}</section>`;
}

function steps(place: Place, { row: { experiment }, last }: ExperimentView): Markup {
  const link = (to: number, text: string, key: string) =>
    to < 0 || to > last ? undefined : markup`<a data-key="${key}" href="${experimentLink(place, to)}">${text}</a>`;
  return markup`<nav class="pager" aria-label="experiments beside it">${link(experiment - 1, '← previous', '[')} ${link(experiment + 1, 'next →', ']')}</nav>`;
}

function verdict({ row, metric, decimals }: ExperimentView): Markup {
  const { gain, error, parent, probability, status, reason, outcome } = row;
  if (row.metric === null) return markup`${reason === '' ? 'no score yet' : failureText(outcome, reason)}`;
  const score = markup`${metric} <b><data data-figure="experiment.metric" value="${String(row.metric)}">${formatAt(row.metric, decimals)}</data></b>`;
  const over =
    gain === null
      ? ''
      : `, ${gainPhrase(gain, decimals, error)} than ${parent === 0 ? 'the baseline' : `experiment ${parent}`}`;
  return markup`${score}${over}${status === 'kept' ? chanceText(probability) : ''}`;
}

function facts(
  place: Place,
  { row, proposedAt, reapplies, reappliedAs, heldOut, decimals }: ExperimentView,
): (Markup | string)[] {
  const { parent, researcher, arm, why, usd, seconds, commit, reason, gain, error } = row;
  const to = (experiment: number) =>
    markup`<a href="${experimentLink(place, experiment)}">experiment ${experiment}</a>`;
  const proposed =
    researcher === null
      ? []
      : [`proposed by ${researcher}${arm === null || arm === researcher ? '' : ` (${arm})`}${why ? `: ${why}` : ''}`];
  const notes = gain === null ? [] : notesFor(gainPhrase(gain, decimals, error));
  return [
    ...proposed,
    ...(parent === null ? [] : [markup`made on ${to(parent)}, ${clockTime(proposedAt)}`]),
    ...(reapplies === null ? [] : [markup`makes the edits of ${to(reapplies)}, which gained on an older incumbent`]),
    ...(reappliedAs === null ? [] : [markup`tried again as ${to(reappliedAs)}`]),
    ...(reason === '' || row.metric === null ? [] : [`verdict: ${reason}`]),
    ...(seconds > 0
      ? [`run time ${formatDuration(seconds)}${usd > 0 ? `, model calls ${formatUsd(usd)} USD` : ''}`]
      : []),
    ...(commit === null ? [] : [markup`commit <code>${commit.slice(0, 10)}</code>`]),
    ...heldOut,
    ...notes,
  ];
}

function curve({ curves }: ExperimentView): Markup | undefined {
  if (!curves) return undefined;
  return markup`<figure><div class="wide">${curvesFigure(curves, 'wide')}</div><div class="narrow">${curvesFigure(curves, 'narrow')}</div></figure>`;
}

function runTable({ runs, metric, scoreDecimals }: ExperimentView): Markup {
  if (runs.length === 0) return markup`<p class="quiet">It has not run.</p>`;
  const head = ['run', 'seed', 'slot', 'outcome', metric, 'vouched', 'time', 'memory', ''];
  const rows = runs.map(
    (run) => markup`<tr>${runCells(run, scoreDecimals).map((cell) => markup`<td>${cell}</td>`)}</tr>`,
  );
  return markup`<p class="facts">${countText(runs.length, 'run')}</p><div class="scroll grid" tabindex="0" role="region" aria-label="runs"><table><thead><tr>${head.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function runCells(run: RunLine, decimals: number): (Markup | string)[] {
  const { score, vouched, seconds, peakMemoryMb, slot } = run;
  return [
    String(run.run),
    String(run.seed),
    slot === null ? '' : String(slot),
    run.outcome,
    score === null ? '' : markup`<data value="${String(score)}">${formatAt(score, decimals)}</data>`,
    vouched === null ? '' : voucherText(vouched),
    seconds === null ? '' : formatDuration(seconds),
    peakMemoryMb === null ? '' : formatBytes(peakMemoryMb * 1024 * 1024),
    run.remark,
  ];
}
