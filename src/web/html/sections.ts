/**
 * The shorter sections of the page; each is left out while it has nothing to say.
 */
import { formatDuration } from '../../core/base/format.ts';
import { contentionSentences } from '../../core/views/conditions.ts';
import type { Report } from '../../core/views/report/report.ts';
import { armCells, armHeader } from '../arms.ts';
import { importanceCells, importanceHeader, importanceSentence, rangeSentences } from '../importance.ts';
import { type Markup, markup } from '../markup.ts';
import { expenseSentence, noiseSentence } from '../sentences.ts';
import { curvesFigure } from '../svg/curves-figure.ts';
import type { ShowFigure } from './figure-text.ts';

/** Reverted experiments that may have been gains. */
export function nearMissesSection({ nearMisses }: Report, figure: ShowFigure): Markup | undefined {
  if (nearMisses.length === 0) return undefined;
  const rows = nearMisses.map(
    ({ experiment, title, reason, gain }) =>
      markup`<li><a href="#a${experiment}">${experiment}</a> <b>${title}</b> <span class="${gain > 0 ? 'gain' : 'quiet'}">${figure(`near.${experiment}.gain`, 'signed')}</span><br><span class="quiet">${reason}</span></li>`,
  );
  return section(
    'near-misses',
    'Near-misses',
    markup`<p class="quiet">Reverted, but within the noise of a gain: worth trying again, or together.</p><ul class="plain">${rows}</ul>`,
  );
}

/** What broke, by cause. */
export function failuresSection({ failures }: Report): Markup | undefined {
  if (failures.length === 0) return undefined;
  const groups = failures.map(({ outcome, reason, experiments, evidence }) => {
    const names = experiments.slice(0, 20).map(({ experiment, title }) => markup`<li>${experiment}. ${title}</li>`);
    const more = experiments.length > 20 ? markup`<li>and ${experiments.length - 20} more</li>` : undefined;
    const log = evidence === '' ? undefined : markup`<pre class="log" tabindex="0">${evidence}</pre>`;
    return markup`<details class="card"><summary><span class="number">${experiments.length}×</span><span class="what">${outcome === undefined || reason === outcome ? undefined : `${outcome}: `}${reason}</span></summary><ul>${names}${more}</ul>${log}</details>`;
  });
  return section('failures', 'Failures', markup`${groups}`);
}

/** What the model learned on the way. */
export function insightsSection({ insights }: Report): Markup | undefined {
  if (insights.length === 0) return undefined;
  const [last, ...earlier] = [...insights].reverse();
  const older = earlier.map(
    ({ experiment, text }) =>
      markup`<details><summary>after ${experiment} experiments</summary><p class="prose">${text}</p></details>`,
  );
  return section(
    'insights',
    'Insights',
    markup`<p class="quiet">After ${last?.experiment ?? 0} experiments:</p><p class="prose">${last?.text ?? ''}</p>${older}`,
  );
}

/** Where the hours went. */
export function expenseSection({ expense }: Report, figure: ShowFigure): Markup | undefined {
  if (!expense) return undefined;
  const all = Object.entries(expense.secondsBy).filter(([, seconds]) => seconds > 0);
  const total = expense.runSeconds || 1;
  const bars = all.map(
    ([status, seconds]) =>
      markup`<span class="share of-${status}" style="flex-grow:${Math.max(0.001, seconds / total).toFixed(4)}" title="${status}: ${formatDuration(seconds)}"></span>`,
  );
  const legend = all.map(
    ([status]) =>
      markup`<li><span class="swatch of-${status}"></span>${status} ${figure(`seconds.${status}`, 'duration')}</li>`,
  );
  return section(
    'expense',
    'Time and money',
    markup`<p>${expenseSentence(expense)}</p>${all.length > 0 ? markup`<div class="shares">${bars}</div><ul class="legend">${legend}</ul>` : undefined}`,
  );
}

/** What a run's number is worth. */
export function noiseSection({ noise }: Report, figure: ShowFigure): Markup | undefined {
  if (!noise) return undefined;
  const sigma = figure('noise.sigma');
  const figures =
    sigma &&
    markup`<dl class="cards"><div><dt>sigma of one run</dt><dd>${sigma}</dd></div><div><dt>degrees of freedom</dt><dd>${figure('noise.freedom', 'count')}</dd></div></dl>`;
  return section('noise', 'Noise', markup`${figures}<p>${noiseSentence(noise)}</p>`);
}

/** What each arm of a mix brought. */
export function armsSection({ arms }: Report): Markup | undefined {
  if (arms.length === 0) return undefined;
  const table = cellTable(armHeader, armCells(arms));
  return section(
    'arms',
    'Who proposed',
    markup`${table}<p class="quiet">Why each was asked: <code>nocturne log --why</code></p>`,
  );
}

/** Which knobs told the best from the rest. */
export function importanceSection({ importance }: Report): Markup | undefined {
  if (!importance) return undefined;
  const table = cellTable(importanceHeader, importanceCells(importance));
  const sentence = markup`<p class="quiet">${importanceSentence(importance)}</p>`;
  return section('importance', 'Knob importance', markup`${sentence}${table}`);
}

/** How the searches narrowed and opened their ranges. */
export function rangesSection({ spaceChanges }: Report): Markup | undefined {
  if (spaceChanges.length === 0) return undefined;
  const sentences = rangeSentences(spaceChanges).map((sentence) => markup`<li>${sentence}</li>`);
  return section('ranges', 'Ranges', markup`<ul class="plain">${sentences}</ul>`);
}

function cellTable(header: readonly string[], rows: readonly (readonly string[])[]): Markup {
  const head = header.map((name) => markup`<th>${name}</th>`);
  const body = rows.map((cells) => markup`<tr>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>`);
  return markup`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** Training loss over the budget. */
export function curvesSection({ curves }: Report): Markup | undefined {
  if (!curves) return undefined;
  const axis = curves.unit === 'share' ? 'share of the budget' : 'step';
  return section(
    'curves',
    'Loss curves',
    markup`<p class="quiet">Training loss by ${axis}, of the first measured run of the baseline and the latest keeps.</p><figure><div class="wide">${curvesFigure(curves, 'wide')}</div><div class="narrow">${curvesFigure(curves, 'narrow')}</div></figure>`,
  );
}

/** What to change before the next night. */
export function suggestionsSection({ suggestions }: Report): Markup | undefined {
  if (suggestions.length === 0) return undefined;
  const rows = suggestions.map(
    ({ line, reason }) => markup`<li><code>${line}</code><br><span class="quiet">${reason}</span></li>`,
  );
  return section('suggestions', 'Suggested for program.md', markup`<ul class="plain">${rows}</ul>`);
}

/** What the machine did to the runs. */
export function machineSection({ contended, drifts }: Report): Markup | undefined {
  if (contended.length + drifts.length === 0) return undefined;
  const sentences = [...contentionSentences(contended), ...drifts].map((sentence) => markup`<p>${sentence}</p>`);
  const rows = contended
    .slice(-mostRows)
    .map(
      ({ experiment, run, reason, isRepeated }) =>
        markup`<li>experiment ${experiment}, run ${run}: ${reason} <span class="quiet">(${isRepeated ? 'not judged' : 'judged'})</span></li>`,
    );
  const list =
    rows.length === 0 ? undefined : markup`<details><summary>every contended run</summary><ul>${rows}</ul></details>`;
  return section('machine', 'The machine', markup`${sentences}${list}`);
}

/** A table of ten thousand rows helps nobody; `nocturne log` has them all. */
const mostRows = 1000;

/** Every attempt, newest last. */
export function attemptsSection({ attempts, metric, tag }: Report, figure: ShowFigure): Markup {
  const rows = attempts.slice(-mostRows).map(({ experiment, status, title, reason }) => {
    const detail = status === 'failed' ? markup`<br><span class="quiet">${reason}</span>` : undefined;
    return markup`<tr class="is-${status}" id="a${experiment}"><td>${experiment}</td><td>${status}</td><td>${figure(`attempt.${experiment}.metric`)}</td><td>${figure(`attempt.${experiment}.gain`, 'signed')}</td><td>${title}${detail}</td></tr>`;
  });
  const cut =
    attempts.length > mostRows
      ? markup`<p class="quiet">The ${attempts.length - mostRows} before them: <code>nocturne log --tag ${tag}</code></p>`
      : undefined;
  return section(
    'attempts',
    'Every attempt',
    markup`${cut}<div class="scroll"><table><thead><tr><th>#</th><th>status</th><th>${metric}</th><th>gain</th><th>what</th></tr></thead><tbody>${rows}</tbody></table></div>`,
  );
}

/** Commands to type. */
export function reproduceSection({ reproductions }: Report): Markup | undefined {
  if (reproductions.length === 0) return undefined;
  const rows = reproductions.map(
    ({ command, purpose }) => markup`<li><code>${command}</code> <span class="quiet">${purpose}</span></li>`,
  );
  return section('reproduce', 'How to reproduce', markup`<ul class="commands">${rows}</ul>`);
}

/** A section with its heading. */
export function section(id: string, heading: string, content: Markup): Markup {
  return markup`<section id="${id}"><h2>${heading}</h2>${content}</section>`;
}
