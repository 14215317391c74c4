/**
 * The kept experiments: title, what each gained, hypothesis, diff. The page has a card for each.
 */
import { chanceText, countText, formatAt, gainPhrase } from '../../core/base/format.ts';
import type { KeptExperiment } from '../../core/views/report/kept.ts';
import type { Report } from '../../core/views/report/report.ts';
import { diffBlock } from '../html/diff-block.ts';
import type { NamedFigure, ShowFigure } from '../html/figure-text.ts';
import { escapeMarkdown, fenced } from '../markdown/escape.ts';
import { type Markup, markup } from '../markup.ts';
import type { Section } from '../section.ts';

/** Number of the latest keeps whose cards are open, with their diffs. */
const maxOpen = 6;

const nothing = 'Nothing was kept.';

export const keptSection: Section = {
  id: 'kept',
  heading: 'Kept',
  count: ({ kept }) => kept.length,
  markdown: (report) =>
    report.kept.length === 0 ? nothing : report.kept.map((entry) => entryText(report, entry)).join('\n\n'),
  html: ({ kept, origin, decimals }, figure) => {
    if (kept.length === 0) return markup`<p>${nothing}</p>`;
    if (origin !== 'study') return markup`${kept.map((entry) => cardRow(entry, figure))}`;
    const firstOpen = kept.length - maxOpen;
    return markup`${kept.map((entry, index) => card(entry, index >= firstOpen, decimals, figure))}`;
  },
  figures: ({ kept }) => kept.flatMap(figuresOfKept),
};

function entryText({ metric, origin, decimals }: Report, entry: KeptExperiment): string {
  const { experiment, title, hypothesis, patch } = entry;
  const diff = patch.length === 0 || origin !== 'study' ? '' : fenced('diff', diffText(entry));
  return [
    `### ${experiment}. ${escapeMarkdown(title)}`,
    factsText(metric, entry, decimals),
    escapeMarkdown(hypothesis),
    diff,
  ]
    .filter(Boolean)
    .join('\n\n');
}

function factsText(metric: string, entry: KeptExperiment, decimals: number): string {
  const { from, to, gain, error, commit, runs } = entry;
  const move =
    from === null || to === null
      ? ''
      : `${escapeMarkdown(metric)} ${formatAt(from, decimals)} -> ${formatAt(to, decimals)}, `;
  const gained = gain === null ? '' : `${gainPhrase(gain, decimals, error)}${beliefText(entry, decimals)}, `;
  const notes = notesOf(entry, decimals).map((note) => ` ${escapeMarkdown(note)}`);
  return `${move}${gained}${countText(runs, 'run')}${commit === '' ? '' : `, \`${commit.slice(0, 7)}\``}.${notes.join('')}`;
}

/** How likely the gain is real, with the estimate where that is what says so. */
function beliefText(entry: KeptExperiment, decimals: number): string {
  const { estimatedGain, probability } = entry;
  if (!hasGained(entry)) return '';
  const estimated = estimatedGain === null ? '' : `, estimated better by ${formatAt(estimatedGain, decimals)}`;
  return estimated + chanceText(probability);
}

function hasGained({ gain }: KeptExperiment): boolean {
  return gain !== null && gain > 0;
}

/** Why it was kept, where it measured no better; and what its commit says, where that is no longer the whole truth. */
function notesOf(entry: KeptExperiment, decimals: number): string[] {
  const { reason, judged } = entry;
  if (judged) {
    const move = `${formatAt(judged.from, decimals)} to ${formatAt(judged.to, decimals)}`;
    return [`When it was kept: ${move} (${countText(judged.runs, 'run')}), ${reason}.`];
  }
  return hasGained(entry) ? [] : [`Kept, because: ${reason}.`];
}

function diffText(entry: KeptExperiment): string {
  const cut = cutNote(entry);
  return `${entry.patch.join('\n')}${cut === undefined ? '' : `\n${cut}`}`;
}

function cutNote({ experiment, hiddenLines }: KeptExperiment): string | undefined {
  return hiddenLines > 0 ? `… ${hiddenLines} more lines: nocturne diff ${experiment}` : undefined;
}

function card(entry: KeptExperiment, isOpen: boolean, decimals: number, figure: ShowFigure): Markup {
  const { experiment, commit, researcher, hypothesis, patch } = entry;
  return markup`<details class="card" id="e${experiment}"${isOpen ? markup` open` : undefined}><summary>${summary(entry, figure)}</summary>
<p class="facts">${facts(entry, figure)} <code>${commit.slice(0, 7)}</code> by ${researcher}</p>
${notesOf(entry, decimals).map((note) => markup`<p class="facts">${note}</p>`)}${hypothesis === '' ? undefined : markup`<p class="hypothesis">${hypothesis}</p>`}
${diffBlock(patch, cutNote(entry))}</details>`;
}

/** A card without hypothesis and diff, which an imported ledger does not have. */
function cardRow(entry: KeptExperiment, figure: ShowFigure): Markup {
  const { experiment, commit } = entry;
  return markup`<div class="card row" id="e${experiment}"><p>${summary(entry, figure)}</p><p class="facts">${facts(entry, figure)} <code>${commit.slice(0, 7)}</code></p></div>`;
}

function summary(entry: KeptExperiment, figure: ShowFigure): Markup {
  const { experiment, title } = entry;
  return markup`<span class="number">${experiment}</span><span class="what">${title}</span><span class="${hasGained(entry) ? 'gain' : 'gain none'}">${figure(`kept.${experiment}.gain`, 'signed')}</span>`;
}

function facts(entry: KeptExperiment, figure: ShowFigure): Markup {
  const { experiment, runs, from, gain } = entry;
  const name = `kept.${experiment}`;
  const move = from === null ? undefined : markup`${figure(`${name}.from`)} → ${figure(`${name}.to`)}, `;
  const error = figure(`${name}.error`);
  const size = figure(`${name}.gain`, 'size');
  const spread = error && markup` ± ${error}`;
  const gained = size && markup`${gain !== null && gain < 0 ? 'worse' : 'better'} by ${size}${spread}, `;
  return markup`${move}${gained}${belief(entry, figure)}${countText(runs, 'run')}`;
}

function belief(entry: KeptExperiment, figure: ShowFigure): Markup | undefined {
  if (!hasGained(entry)) return undefined;
  const estimate = figure(`kept.${entry.experiment}.estimatedGain`);
  const chance = figure(`kept.${entry.experiment}.probability`, 'probability');
  const doubt = (entry.probability ?? 1) < 0.5;
  const estimated = estimate && markup`estimated better by ${estimate}, `;
  return markup`${estimated}${chance && markup`${doubt ? 'but real with only' : 'real with'} ${chance} probability, `}`;
}

function figuresOfKept(entry: KeptExperiment): readonly NamedFigure[] {
  const { experiment, from, to, gain, error, probability, estimatedGain } = entry;
  return [
    [`kept.${experiment}.from`, from],
    [`kept.${experiment}.to`, to],
    [`kept.${experiment}.gain`, gain],
    [`kept.${experiment}.error`, error],
    [`kept.${experiment}.probability`, probability],
    [`kept.${experiment}.estimatedGain`, hasGained(entry) ? estimatedGain : null],
  ];
}
