/**
 * All studies of a brief side by side, and those that were chosen compared.
 */
import { countText, formatAt, formatSigned } from '../../core/base/format.ts';
import type { UntriedKeep } from '../../core/views/compare.ts';
import type { Progress } from '../../core/views/report/progress.ts';
import type { StudyRow } from '../../core/views/study-row.ts';
import { type Markup, markup } from '../markup.ts';
import { maxStairs, stairsFigure } from '../svg/stairs-figure.ts';
import { clockTime } from './clock-time.ts';
import { experimentLink, linkTo, type Place } from './links.ts';

export interface StudiesView {
  readonly rows: readonly StudyRow[];
  /** Studies whose journal cannot be read. */
  readonly unreadable: readonly string[];
  /** Tags of the studies that are compared. */
  readonly compared: readonly string[];
  readonly progress: readonly Progress[];
  /** For each two of them, in both ways, what the first kept and the second did not try. */
  readonly untried: readonly {
    readonly study: string;
    readonly other: string;
    readonly keeps: readonly UntriedKeep[];
  }[];
}

/** The page's content. */
export function studiesPage(place: Place, view: StudiesView): Markup {
  const { rows, compared, unreadable } = view;
  const named = new Set(compared);
  return markup`<h1 class="small">Studies</h1><p class="facts">${countText(rows.length, 'study', 'studies')} of this brief. Choose some to compare them; a figure tells ${maxStairs} apart.</p>
<form id="compare" class="compare" method="get" data-live><input type="hidden" name="study" value="${place.study}"><input type="hidden" name="view" value="studies">${place.token === undefined ? undefined : markup`<input type="hidden" name="token" value="${place.token}">`}
<div class="scroll grid" tabindex="0" role="region" aria-label="studies"><table><thead><tr><th scope="col">compare</th><th scope="col">study</th><th scope="col">state</th><th scope="col">metric</th><th scope="col" class="num">baseline</th><th scope="col" class="num">best</th><th scope="col" class="num">gain</th><th scope="col" class="num">experiments</th><th scope="col" class="num">kept</th><th scope="col">last entry</th></tr></thead><tbody>${rows.map((row) => rowLine(place, row, named.has(row.tag)))}</tbody></table></div><noscript><button>Compare</button></noscript></form>
${unreadable.map((tag) => markup`<p class="warning">The journal of ${tag} cannot be read: see <code>nocturne check --tag ${tag}</code>.</p>`)}${comparison(place, view)}`;
}

function rowLine(place: Place, row: StudyRow, isCompared: boolean): Markup {
  const { tag, state, metric, goal, decimals, baseline, best, gain, experiments, kept, lastAt } = row;
  const own = { ...place, study: tag };
  const score = (value: number | undefined) =>
    value === undefined ? undefined : markup`<data value="${String(value)}">${formatAt(value, decimals)}</data>`;
  const gained =
    gain === null ? undefined : markup`<data value="${String(gain)}">${formatSigned(gain, decimals)}</data>`;
  return markup`<tr id="study-${tag}"><td><input type="checkbox" name="with" value="${tag}" aria-label="compare ${tag}"${isCompared ? markup` checked` : undefined}></td><td><a class="row" href="${linkTo(own, { view: 'now' })}">${tag}</a></td><td><span class="pill state-${state}">${state}</span></td><td>${metric}, ${goal}</td><td class="num">${score(baseline?.mean)}</td><td class="num">${score(best?.mean)}</td><td class="num">${gained}</td><td class="num">${experiments}</td><td class="num">${kept}</td><td>${clockTime(lastAt)}</td></tr>`;
}

function comparison(place: Place, { compared, progress, untried, rows }: StudiesView): Markup | undefined {
  if (compared.length < 2) return undefined;
  const left = compared.filter((tag) => !progress.some((each) => each.tag === tag));
  const [first] = progress;
  const why =
    left.length > 0 && first
      ? markup`<p class="facts">Not in the figure, since they have another metric or goal than ${first.tag}: ${left.join(', ')}.</p>`
      : undefined;
  const figure = stairsFigure(progress);
  const lists = untried.map(({ study, other, keeps }) => untriedList({ ...place, study }, other, keeps, rows));
  return markup`<section id="stairs"><h2>Best so far</h2>${why}${figure && markup`<div class="scroll" tabindex="0" role="region" aria-label="best so far of each study"><div class="across"><figure>${figure}</figure></div></div>`}</section>
<section id="untried"><h2>Kept by one, not tried by the other</h2>${lists}</section>`;
}

function untriedList(place: Place, other: string, keeps: readonly UntriedKeep[], rows: readonly StudyRow[]): Markup {
  const decimals = rows.find(({ tag }) => tag === place.study)?.decimals ?? 4;
  const items = keeps.map(
    ({ experiment, title, gain }) =>
      markup`<li><a href="${experimentLink(place, experiment)}">${experiment}</a> <b>${title}</b>${gain === null ? undefined : markup` <span class="gain">${formatSigned(gain, decimals)}</span>`}</li>`,
  );
  const body = items.length === 0 ? markup`<p class="quiet">Nothing.</p>` : markup`<ul class="plain">${items}</ul>`;
  return markup`<h3>${place.study} kept, ${other} has not tried</h3>${body}`;
}
