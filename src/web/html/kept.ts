/**
 * The kept experiments as cards: title, what it is worth, hypothesis, diff.
 */
import { countText } from '../../core/base/format.ts';
import type { KeptExperiment } from '../../core/views/report/kept.ts';
import type { Report } from '../../core/views/report/report.ts';
import { type Markup, markup } from '../markup.ts';
import { diffBlock } from './diff.ts';
import type { ShowFigure } from './figure-text.ts';

/** The latest keeps are shown open, as far as a page can bear. */
const mostOpen = 6;

/** The section. */
export function keptSection({ kept, origin }: Report, figure: ShowFigure): Markup {
  if (kept.length === 0) return markup`<section id="kept"><h2>Kept</h2><p>Nothing was kept.</p></section>`;
  const first = kept.length - mostOpen;
  const cards = kept.map((entry, index) =>
    card(entry, { isOpen: index >= first && origin === 'study', hasMore: origin === 'study' }, figure),
  );
  return markup`<section id="kept"><h2>Kept <span class="count">${kept.length}</span></h2>${cards}</section>`;
}

function card(
  entry: KeptExperiment,
  { isOpen, hasMore }: { isOpen: boolean; hasMore: boolean },
  figure: ShowFigure,
): Markup {
  const { experiment, title, commit } = entry;
  const name = `kept.${experiment}`;
  const summary = markup`<span class="number">${experiment}</span><span class="what">${title}</span><span class="gain">${figure(`${name}.gain`, 'signed')}</span>`;
  if (!hasMore)
    return markup`<div class="card row" id="e${experiment}"><p>${summary}</p><p class="facts">${facts(entry, figure)} <code>${commit.slice(0, 7)}</code></p></div>`;
  return markup`<details class="card" id="e${experiment}"${isOpen ? markup` open` : undefined}><summary>${summary}</summary>
<p class="facts">${facts(entry, figure)} <code>${commit.slice(0, 7)}</code> by ${entry.researcher}</p>
${entry.hypothesis === '' ? undefined : markup`<p class="hypothesis">${entry.hypothesis}</p>`}
${diffBlock(entry.patch, entry.hiddenLines > 0 ? `… ${entry.hiddenLines} more lines: nocturne diff ${experiment}` : undefined)}</details>`;
}

function facts({ experiment, runs, from }: KeptExperiment, figure: ShowFigure): Markup {
  const name = `kept.${experiment}`;
  const move = from === null ? undefined : markup`${figure(`${name}.from`)} → ${figure(`${name}.to`)}, `;
  const error = figure(`${name}.error`, 'difference');
  const worth = error && markup`gain ${figure(`${name}.gain`, 'difference')} ± ${error}, `;
  const probability = figure(`${name}.probability`, 'probability');
  return markup`${move}${worth}${probability && markup`real with ${probability} probability, `}${countText(runs, 'run')}`;
}
