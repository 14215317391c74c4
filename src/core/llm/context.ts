/**
 * The messages that a proposal's conversation begins with, those that change least often first, because providers cache
 * the beginning of a prompt.
 */
import { metricKind } from '../base/metric-kind.ts';
import type { History } from '../journal/history.ts';
import type { Range, Source, Space } from '../space/knob.ts';
import { formatNumber } from '../space/number-text.ts';
import { formatConditions } from '../space/range/conditions.ts';
import { boundsText } from './bounds-text.ts';
import { earlierText } from './earlier-text.ts';
import { ledgerPieces, type TextsOf } from './ledger.ts';
import { machineText } from './machine-text.ts';
import { measuredText } from './measured-text.ts';
import { type RenderPrompt, renderStudy } from './prompt-values.ts';
import { publicStudiesLines } from './public-studies-text.ts';
import { recipeText } from './recipe-text.ts';
import { describeGrowth } from './source-growth.ts';

export interface ContextOptions {
  readonly render: RenderPrompt;
  readonly history: History;
  readonly source: Source;
  readonly space: Space;
  readonly fixedFiles: readonly string[];
  readonly textsOf: TextsOf;
  readonly delimiter: string;
}

/** Characters of a file that is shown whole. */
const maxSourceCharacters = 60_000;

/** The text of one message; `isPrefixEnd` means the same as in the model port. */
export interface OpeningText {
  readonly text: string;
  readonly isPrefixEnd: boolean;
}

/** The user messages before the last one, which says what is wanted. */
export function openingTexts({
  render,
  history,
  source,
  space,
  fixedFiles,
  textsOf,
  delimiter,
}: ContextOptions): readonly OpeningText[] {
  const { lasting, detailed } = ledgerPieces(history, textsOf, delimiter);
  const earlier = earlierText(history.earlier);
  const before = earlier === undefined ? [] : [earlier];
  const study = [renderStudy(render, history, fixedFiles), machineText(history), publicStudiesLines(history)].filter(
    (text) => text !== '',
  );
  const logOf = (experiment: number) => textsOf(experiment)?.log ?? '';
  const { metric } = history.frozen;
  const state = describeState(history, logOf, delimiter);
  const sourceAndState = `${describeSource(source, recipeText(space, metricKind(metric.name, metric.goal)), space, describeGrowth(history))}\n\n${state}`;
  return [
    // The same for the whole study; for as long as nothing is kept; and until the next experiment.
    ...withPrefixEnd([study.join('\n\n'), ...before]),
    ...withPrefixEnd([sourceAndState, ...lasting]),
    ...withPrefixEnd(detailed),
  ];
}

function withPrefixEnd(texts: readonly string[]): readonly OpeningText[] {
  return texts.map((text, index) => ({ text, isPrefixEnd: index === texts.length - 1 }));
}

/** Experiments whose texts are wanted beside those of the ledger. */
export function measuredExperiments({ incumbent }: History): readonly number[] {
  return [...new Set([0, incumbent])];
}

/** What the incumbent's and the baseline's training came to, and what bounds a candidate; changes only after a keep. */
function describeState(history: History, logOf: (experiment: number) => string, delimiter: string): string {
  const measured = measuredText(history, measuredExperiments(history), logOf, delimiter);
  return ['# How it trains', measured, boundsText(history)].filter((text) => text !== '').join('\n\n');
}

/** The incumbent's editable files in full, and the knobs with their ranges; changes only after a keep. */
function describeSource({ files }: Source, recipe: string, space: Space, growth: string): string {
  const knobs = space.map(({ knob, range, when }) => {
    const condition = when === undefined ? '' : `, only if ${formatConditions(when)}`;
    // The text of a flag that is off says `store_true`.
    return `${knob.name} = ${knob.type === 'bool' ? knob.value : knob.text} (${formatRange(range)}${condition})`;
  });
  const texts = Object.entries(files).map(([file, content]) =>
    content.length <= maxSourceCharacters
      ? `## ${file}\n\n\`\`\`\`\n${content.trimEnd()}\n\`\`\`\``
      : `## ${file}\n\nIts ${content.length} characters are too long to show here; read it with read_file.`,
  );
  const ranges = knobs.length === 0 ? '' : `\n\nKnobs and the ranges that make sense: ${knobs.join('; ')}.`;
  const more = [recipe, growth].filter((text) => text !== '').map((text) => `\n\n${text}`);
  return `# The current source\n\n${texts.join('\n\n')}${ranges}${more.join('')}`;
}

/** Such as `0.01..3, log` or `tanh, relu or gelu`. */
function formatRange(range: Range): string {
  if (range.kind === 'tuple') return `(${range.items.map(formatRange).join('; ')})`;
  if (range.kind === 'choice') return range.values.map((value) => String(value)).join(' or ');
  const bounds = `${formatNumber(range.low)}..${formatNumber(range.high)}`;
  if (range.kind === 'power-of-two') return `${bounds}, powers of two`;
  const words = [range.kind === 'int' ? 'whole' : '', range.log ? 'log' : ''].filter((word) => word !== '');
  return `${range.zero ? '0 or ' : ''}${[bounds, ...words].join(', ')}`;
}
