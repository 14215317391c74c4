/**
 * How important each knob was, as a section of the report and, for the terminal, as a sentence and the cells of a
 * table.
 */
import type { Importance } from '../../core/space/trials/importance.ts';
import * as html from '../html/cell-table.ts';
import * as markdown from '../markdown/blocks.ts';
import { markup } from '../markup.ts';
import type { Section } from '../section.ts';

export const importanceSection: Section = {
  id: 'importance',
  heading: 'Knob importance',
  markdown: ({ importance }) =>
    importance &&
    `${importanceSentence(importance)}\n\n${markdown.cellTable(importanceHeader, importanceCells(importance))}`,
  html: ({ importance }) =>
    importance &&
    markup`<p class="quiet">${importanceSentence(importance)}</p>${html.cellTable(importanceHeader, importanceCells(importance))}`,
};

export const importanceHeader = ['knob', 'importance'] as const;

/** One row for each knob. */
export function importanceCells({ knobs }: Importance): string[][] {
  const isOneFile = new Set(knobs.map(({ key }) => fileOf(key))).size === 1;
  return knobs.map(({ key, share }) => [
    isOneFile ? key.slice(fileOf(key).length + 1) : key,
    `${Math.round(share * 100)} %`,
  ]);
}

/** What the figures mean, and what they rest on. */
export function importanceSentence({ trials, best, knobs }: Importance): string {
  const from = `the best ${best} of ${trials} trials from the rest`;
  return knobs.every(({ share }) => share === 0)
    ? `No knob tells ${from} better than chance would.`
    : `How much each knob tells ${from} (PED-ANOVA, less what chance would).`;
}

/** The file in a key such as `train.py:LEARNING_RATE`. A path may have a colon, a knob's name has none. */
function fileOf(key: string): string {
  return key.slice(0, key.lastIndexOf(':'));
}
