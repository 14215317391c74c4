/**
 * What each knob alone would gain, as a section of the report and, for the terminal, as a sentence and the cells of a
 * table.
 */
import { formatWithError } from '../../core/base/format.ts';
import type { KnobValue } from '../../core/space/knob.ts';
import type { Importance, KnobImportance } from '../../core/space/trials/importance.ts';
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

export const importanceHeader = ['knob', 'gain alone', 'start', 'best tried'] as const;

/** One row for each knob. */
export function importanceCells({ knobs }: Importance): string[][] {
  const isOneFile = new Set(knobs.map(({ key }) => fileOf(key))).size === 1;
  return knobs.map((knob) => [
    isOneFile ? knob.key.slice(fileOf(knob.key).length + 1) : knob.key,
    ...(knob.isDistinguishable
      ? [gainText(knob), valueText(knob.from), valueText(knob.to)]
      : ['not distinguishable', valueText(knob.from), '']),
  ]);
}

function gainText({ gain, interval: [low, high] }: KnobImportance): string {
  return formatWithError(gain, (high - low) / 2);
}

function valueText(value: KnobValue | undefined): string {
  if (value === undefined) return 'unknown';
  return typeof value === 'object' ? `(${value.join(', ')})` : String(value);
}

/** What the figures mean, and what they rest on. */
export function importanceSentence({ trials, knobs }: Importance): string {
  const meaning = `What setting one knob alone to the best value that was tried would gain over the start, estimated from ${trials} trials`;
  const unknown = knobs.some(({ from }) => from === undefined)
    ? ' Of a knob whose start is unknown, as in a study that an earlier version began, hardly anything can be told.'
    : '';
  return knobs.some(({ isDistinguishable }) => isDistinguishable)
    ? `${meaning}. A gain below three standard errors is not distinguishable from none.${unknown}`
    : `${meaning}: no knob's gain is distinguishable from none.${unknown}`;
}

/** The file in a key such as `train.py:LEARNING_RATE`. A path may have a colon, a knob's name has none. */
function fileOf(key: string): string {
  return key.slice(0, key.lastIndexOf(':'));
}
