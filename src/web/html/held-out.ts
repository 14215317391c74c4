/**
 * What was held out of the study's own decisions: the worth of each step, earlier confirmations, the overfitting gauge.
 */
import type { GaugeReading } from '../../core/journal/gauge-reading.ts';
import type { Report } from '../../core/views/report/report.ts';
import { gaugeHeader, gaugeIntroduction, gaugeNoise, gaugeRows } from '../gauge.ts';
import { type Markup, markup } from '../markup.ts';
import { section } from './sections.ts';

/** The section; undefined while nothing was held out. */
export function heldOutSection({ heldOut, metric }: Report): Markup | undefined {
  if (!heldOut) return undefined;
  const { steps, earlier, gauge } = heldOut;
  return section(
    'held-out',
    'Held out',
    markup`${list('What each kept step is worth in the final:', steps)}${list('Earlier confirmations, none of which is forgotten:', earlier)}${gauge && gaugeTable(metric, gauge)}`,
  );
}

function list(introduction: string, lines: readonly string[]): Markup | undefined {
  if (lines.length === 0) return undefined;
  return markup`<p>${introduction}</p><ul>${lines.map((line) => markup`<li>${line}</li>`)}</ul>`;
}

function gaugeTable(metric: string, gauge: GaugeReading): Markup {
  const introduction = markup`<p>${gaugeIntroduction(metric, gauge)}</p>`;
  if (gauge.isSplitIgnored) return introduction;
  const head = gaugeHeader.map((name) => markup`<th>${name}</th>`);
  const rows = gaugeRows(gauge).map((cells) => markup`<tr>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>`);
  const warning = gauge.warning === undefined ? undefined : markup`<p><b>${gauge.warning}.</b></p>`;
  return markup`${introduction}<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div><p class="quiet">${gaugeNoise(gauge)}</p>${warning}`;
}
