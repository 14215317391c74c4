/**
 * The morning report in Markdown.
 */

import { chanceText, countText, formatDifference, formatDuration, formatMetric } from '../../core/base/format.ts';
import { plainText } from '../../core/base/plain-text.ts';
import type { GaugeReading } from '../../core/journal/gauge-reading.ts';
import { contentionSentences } from '../../core/views/conditions.ts';
import type { Expense } from '../../core/views/report/expense.ts';
import type { FailureGroup } from '../../core/views/report/failures.ts';
import type { KeptExperiment } from '../../core/views/report/kept.ts';
import type { NearMiss } from '../../core/views/report/near-misses.ts';
import type { Report } from '../../core/views/report/report.ts';
import { armCells, armHeader } from '../arms.ts';
import { gaugeHeader, gaugeIntroduction, gaugeNoise, gaugeRows } from '../gauge.ts';
import { importanceCells, importanceHeader, importanceSentence, rangeSentences } from '../importance.ts';
import {
  countsSentence,
  endSentence,
  expenseSentence,
  gainSentence,
  noBaselineSentence,
  noiseSentence,
} from '../sentences.ts';
import { escapeMarkdown, fenced } from './escape.ts';

/** The whole text. */
export function reportMarkdown(report: Report): string {
  const { kept, nearMisses, failures, spaceChanges, insights, noise, expense, caveats } = report;
  const sections = [
    `# ${report.tag}: ${escapeMarkdown(report.metric)}`,
    confirmedClaim(report),
    headlineMarkdown(report),
    caveats.map((caveat) => `- ${caveat}`).join('\n'),
    '![Progress](progress.png)',
    kept.length === 0
      ? '## Kept\n\nNothing was kept.'
      : ['## Kept', ...kept.map((entry) => keptEntry(report, entry))].join('\n\n'),
    nearMisses.length === 0 ? '' : list('## Near-misses', nearMisses.map(nearMiss)),
    failures.length === 0 ? '' : list('## Failures', failures.map(failureGroup)),
    arms(report),
    importanceText(report),
    spaceChanges.length === 0 ? '' : list('## Ranges', rangeSentences(spaceChanges).map(escapeMarkdown)),
    insights.length === 0
      ? ''
      : list(
          '## Insights',
          insights.map(({ experiment, text }) => `after ${experiment}: ${escapeMarkdown(text)}`),
        ),
    expense ? `## Time and money\n\n${expenseSentence(expense)}${secondsBy(expense)}` : '',
    heldOut(report),
    noise ? `## Noise\n\n${noiseSentence(noise)}` : '',
    machine(report),
    suggestions(report),
    attemptsTable(report),
    reproduce(report),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

/** What was gained, and out of how many. */
export function headlineMarkdown(report: Report): string {
  const { headline: figures, metric, origin } = report;
  const { result } = figures;
  if (!result) return escapeMarkdown(noBaselineSentence(report));
  const best =
    result.experiment === 0
      ? ''
      : ` The best is experiment ${result.experiment}, commit \`${result.commit.slice(0, 7)}\`.`;
  const end = origin === 'study' ? ` ${escapeMarkdown(endSentence(figures))}` : '';
  return `**${escapeMarkdown(metric)} ${formatMetric(result.baseline)} -> ${formatMetric(result.best)}**: ${gainSentence(result, report.confirmed !== undefined)}.\n\n${countsSentence(figures)}${best}${end}`;
}

function keptEntry({ metric, origin }: Report, entry: KeptExperiment): string {
  const {
    experiment,
    title,
    hypothesis,
    from,
    to,
    gain,
    standardError,
    probability,
    commit,
    runs,
    patch,
    hiddenLines,
  } = entry;
  const move =
    from === null || to === null ? '' : `${escapeMarkdown(metric)} ${formatMetric(from)} -> ${formatMetric(to)}, `;
  const error = standardError === null ? '' : ` ± ${formatDifference(standardError)}`;
  const facts = `${move}better by ${formatDifference(gain ?? 0)}${error}${chanceText(probability)}, ${countText(runs, 'run')}, \`${commit.slice(0, 7)}\``;
  const more = hiddenLines > 0 ? `\n… ${hiddenLines} more lines: nocturne diff ${experiment}` : '';
  const diff = patch.length === 0 || origin !== 'study' ? '' : fenced('diff', patch.join('\n') + more);
  return [`### ${experiment}. ${escapeMarkdown(title)}`, facts, escapeMarkdown(hypothesis), diff]
    .filter(Boolean)
    .join('\n\n');
}

function nearMiss({ experiment, title, gain, reason }: NearMiss): string {
  return `${experiment}. ${escapeMarkdown(title)} (${gain < 0 ? '-' : '+'}${formatDifference(Math.abs(gain))}): ${escapeMarkdown(reason)}`;
}

function failureGroup({ reason, outcome, experiments }: FailureGroup): string {
  const numbers = experiments.map(({ experiment }) => experiment).join(', ');
  const how = outcome === undefined ? '' : `${outcome}: `;
  return `${how}${escapeMarkdown(reason)} (${countText(experiments.length, 'experiment')}: ${numbers})`;
}

function secondsBy({ secondsBy: seconds }: Expense): string {
  const parts = Object.entries(seconds).filter(([, value]) => value > 0);
  if (parts.length === 0) return '';
  return `\n\n| spent on | time |\n|---|---|\n${parts.map(([status, value]) => `| ${status} | ${formatDuration(value)} |`).join('\n')}`;
}

function confirmedClaim({ confirmed }: Report): string {
  if (!confirmed) return '';
  const word = confirmed.isShown ? 'Confirmed' : 'Not confirmed';
  return `**${word}.** ${confirmed.claims.map(escapeMarkdown).join('\n')}`;
}

function heldOut({ heldOut: found, metric }: Report): string {
  if (!found) return '';
  const { steps, earlier, gauge } = found;
  const parts = [
    steps.length === 0 ? '' : list('What each kept step is worth in the final:', steps.map(escapeMarkdown)),
    earlier.length === 0 ? '' : list('Earlier confirmations, none of which is forgotten:', earlier.map(escapeMarkdown)),
    gauge ? gaugeText(metric, gauge) : '',
  ];
  return ['## Held out', ...parts.filter(Boolean)].join('\n\n');
}

function machine({ contended, drifts }: Report): string {
  if (contended.length + drifts.length === 0) return '';
  const rows = contended
    .slice(-mostRows)
    .map(
      ({ experiment, run, reason, isRepeated }) =>
        `| ${experiment} | ${run} | ${isRepeated ? 'no' : 'yes'} | ${escapeMarkdown(reason)} |`,
    );
  const table = ['| # | run | judged | what the machine did |', '|---|---|---|---|', ...rows].join('\n');
  const drifted = drifts.map((sentence) => `- ${escapeMarkdown(sentence)}`).join('\n');
  const parts = ['## The machine', contentionSentences(contended).join('\n'), rows.length === 0 ? '' : table, drifted];
  return parts.filter(Boolean).join('\n\n');
}

function arms({ arms: rows }: Report): string {
  if (rows.length === 0) return '';
  const table = cellTable(armHeader, armCells(rows));
  return `## Who proposed\n\n${table}\n\nWhy each was asked is in \`nocturne log --why\`.`;
}

function importanceText({ importance }: Report): string {
  if (!importance) return '';
  const table = cellTable(importanceHeader, importanceCells(importance));
  return `## Knob importance\n\n${importanceSentence(importance)}\n\n${table}`;
}

function cellTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [header, header.map(() => '---'), ...rows.map((row) => row.map(escapeMarkdown))];
  return cells.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function suggestions({ suggestions: advice }: Report): string {
  if (advice.length === 0) return '';
  const items = advice.map(
    ({ line, reason }) => `\`${plainText(line).replaceAll('`', "'")}\`: ${escapeMarkdown(reason)}`,
  );
  return list('## Suggested for program.md', items);
}

function gaugeText(metric: string, gauge: GaugeReading): string {
  const introduction = gaugeIntroduction(metric, gauge);
  if (gauge.isSplitIgnored) return introduction;
  const rows = [gaugeHeader, gaugeHeader.map(() => '---'), ...gaugeRows(gauge)].map(
    (cells) => `| ${cells.join(' | ')} |`,
  );
  const warning = gauge.warning === undefined ? [] : [`**${gauge.warning}.**`];
  return [introduction, rows.join('\n'), gaugeNoise(gauge), ...warning].join('\n\n');
}

/** A table of ten thousand rows helps nobody; `nocturne log` has them all. */
const mostRows = 1000;

function attemptsTable({ attempts, tag }: Report): string {
  const rows = attempts.slice(-mostRows).map((row) => {
    const metric = row.metric === null ? '' : formatMetric(row.metric);
    const delta = row.delta === null || row.experiment === 0 ? '' : formatDifference(row.delta);
    return `| ${row.experiment} | ${row.status} | ${metric} | ${delta} | ${escapeMarkdown(row.title)} |`;
  });
  const earlier =
    attempts.length > mostRows
      ? [`The ${attempts.length - mostRows} before them: \`nocturne log --tag ${tag}\`.`, '']
      : [];
  return [
    '## Every attempt',
    '',
    ...earlier,
    '| # | status | metric | gain | what |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function reproduce({ reproductions }: Report): string {
  if (reproductions.length === 0) return '';
  const width = Math.max(...reproductions.map(({ command }) => command.length));
  const lines = reproductions.map(({ command, purpose }) => `${command.padEnd(width)}   # ${purpose}`);
  return ['## How to reproduce', '', fenced('', lines.join('\n'))].join('\n');
}

function list(heading: string, items: readonly string[]): string {
  return [heading, '', ...items.map((item) => `- ${item}`)].join('\n');
}
