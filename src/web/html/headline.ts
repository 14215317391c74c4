/**
 * The top of the page: the gain, how certain it is, and the study's main figures.
 */
import type { Report } from '../../core/views/report/report.ts';
import { type Markup, markup } from '../markup.ts';
import { endSentence, noBaselineSentence, pageNotes } from '../sentences.ts';
import type { ShowFigure } from './figure-text.ts';

/** The page's header. */
export function headlineSection(report: Report, figure: ShowFigure): Markup {
  const { tag, metric, headline, asOf, origin } = report;
  const origins = origin === 'study' ? 'study' : 'imported ledger';
  return markup`<header>
<p class="eyebrow">Nocturne, ${origins} <b>${tag}</b>, as of <time datetime="${asOf}">${asOf.slice(0, 16).replace('T', ' ')} UTC</time></p>
${result(report, figure)}
${overfittingWarning(report)}
<p class="quiet">${origin === 'study' ? endSentence(headline) : undefined}</p>
<dl class="cards">${cards(report, figure)}</dl>
<ul class="caveats">${[...report.caveats, ...pageNotes(report)].map((caveat) => markup`<li>${caveat}</li>`)}</ul>
<p class="quiet metric-note">${metric}: ${report.goal === 'minimize' ? 'lower is better' : 'higher is better'}.</p>
</header>`;
}

function result(report: Report, figure: ShowFigure): Markup {
  const {
    metric,
    headline: { result: found },
  } = report;
  if (!found) return markup`<h1>${metric}</h1><p class="lead">${noBaselineSentence(report)}</p>`;
  const moved = markup`<h1><span class="metric">${metric}</span> ${figure('baseline')} <span class="arrow">→</span> <strong>${figure('best')}</strong></h1>`;
  if (found.experiment === 0)
    return markup`<h1><span class="metric">${metric}</span> ${figure('baseline')}</h1><p class="lead">Nothing beat the baseline yet.</p>`;
  const claim = confirmedClaim(report, figure);
  const percent = figure('gain.share', 'percent');
  const word = found.gain < 0 ? 'Worse' : 'Better';
  const interval = figure('gain.low') && markup`, 95 % interval ${figure('gain.low')} to ${figure('gain.high')}`;
  const ending = claim ? ', on the runs it was selected on' : markup` <span class="badge">not confirmed</span>`;
  const gained = markup`${word} by <b>${figure('gain', 'size')}</b>${percent && markup` (${percent})`}${interval}${ending}`;
  // The gain stands below the two scores that it lies between: that on fresh seeds is between others, which the claim has.
  return markup`${moved}<p class="${claim ? 'quiet' : 'lead'}">${gained}</p>${claim}`;
}

function cards({ headline, origin }: Report, figure: ShowFigure): Markup[] {
  const commit = headline.result?.commit.slice(0, 7) ?? '';
  const best = figure('best.experiment', 'count');
  const all: readonly (readonly [string, Markup | undefined])[] = [
    ['experiments', figure('experiments', 'count')],
    ['kept', figure('kept', 'count')],
    ['reverted', figure('reverted', 'count')],
    ['failed', figure('failed', 'count')],
    ['live time', figure('live.seconds', 'duration')],
    ['model calls', figure('usd', 'usd')],
    [
      'best',
      best &&
        markup`<a href="#e${headline.result?.experiment}">#${best}</a> <code>${origin === 'study' || commit !== 'baselin' ? commit : ''}</code>`,
    ],
  ];
  return all.flatMap(([name, value]) => (value ? [markup`<div><dt>${name}</dt><dd>${value}</dd></div>`] : []));
}

function confirmedClaim({ confirmed }: Report, figure: ShowFigure): Markup | undefined {
  if (!confirmed) return undefined;
  const { isShown, isCurrent, split, claims, decimals } = confirmed;
  const gain = figure('confirmed.gain', 'metric', decimals);
  const interval =
    figure('confirmed.low') &&
    markup`, 95 % interval ${figure('confirmed.low', 'metric', decimals)} to ${figure('confirmed.high', 'metric', decimals)}`;
  const badge =
    isShown && isCurrent
      ? markup`<span class="badge sure">confirmed on ${split}</span>`
      : markup`<span class="badge">${isShown ? 'confirmed for an earlier best' : 'no gain shown'}</span>`;
  const lead = gain ? markup`<p class="lead">On fresh seeds: gain <b>${gain}</b>${interval} ${badge}</p>` : undefined;
  return markup`${lead}<ul class="claims">${claims.map((line) => markup`<li>${line}</li>`)}</ul>`;
}

function overfittingWarning({ heldOut }: Report): Markup | undefined {
  const warning = heldOut?.gauge?.warning;
  return warning === undefined ? undefined : markup`<p class="warning" role="alert">${warning}.</p>`;
}
