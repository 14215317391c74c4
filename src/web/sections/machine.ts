/**
 * What runs were on, those that were slowed by other work on the machine, waits for a GPU that was lost or full, and what other programs wrote into
 * the journal.
 */
import { type ContendedRun, contentionSentences } from '../../core/views/conditions.ts';
import { placesText } from '../../core/views/places.ts';
import type { Report } from '../../core/views/report/report.ts';
import { bullets } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';
import { markup } from '../markup.ts';
import type { Section } from '../section.ts';
import { maxRows } from './attempts.ts';

export const machineSection: Section = {
  id: 'machine',
  heading: 'The machine',
  markdown: (report) => {
    const { contended } = report;
    const sentences = sentencesOf(report);
    if (contended.length + sentences.length === 0) return undefined;
    const rows = contended.slice(-maxRows).map(runRow);
    const table = rows.length === 0 ? '' : [...tableHead, ...rows].join('\n');
    const parts = [contentionSentences(contended).join('\n'), table, bullets(sentences.map(escapeMarkdown))];
    return parts.filter(Boolean).join('\n\n');
  },
  html: (report) => {
    const { contended } = report;
    const said = sentencesOf(report);
    if (contended.length + said.length === 0) return undefined;
    const sentences = [...contentionSentences(contended), ...said].map((sentence) => markup`<p>${sentence}</p>`);
    const rows = contended
      .slice(-maxRows)
      .map(
        ({ experiment, run, reason, isRepeated }) =>
          markup`<li>experiment ${experiment}, run ${run}: ${reason} <span class="quiet">(${isRepeated ? 'not judged' : 'judged'})</span></li>`,
      );
    const list =
      rows.length === 0 ? undefined : markup`<details><summary>every contended run</summary><ul>${rows}</ul></details>`;
    return markup`${sentences}${list}`;
  },
};

function sentencesOf({ places, ranAgain, gpuPauses, ownerPauses, mends }: Report): readonly string[] {
  return [
    ...(places ? [`Runs were on ${placesText(places)}.`] : []),
    ...ranAgain,
    ...gpuPauses,
    ...ownerPauses,
    ...mends,
  ];
}

const tableHead = ['| # | run | judged | what the machine did |', '|---|---|---|---|'];

function runRow({ experiment, run, reason, isRepeated }: ContendedRun): string {
  return `| ${experiment} | ${run} | ${isRepeated ? 'no' : 'yes'} | ${escapeMarkdown(reason)} |`;
}
