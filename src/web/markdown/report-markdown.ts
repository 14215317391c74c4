/**
 * The morning report in Markdown.
 */

import { formatAt } from '../../core/base/format.ts';
import type { Report } from '../../core/views/report/report.ts';
import { reportSections } from '../report-sections.ts';
import { countsSentence, endSentence, gainSentence, noBaselineSentence, pageNotes } from '../sentences.ts';
import { bullets } from './blocks.ts';
import { escapeMarkdown } from './escape.ts';

/** The whole text. */
export function reportMarkdown(report: Report): string {
  const top = [
    `# ${report.tag}: ${escapeMarkdown(report.metric)}`,
    confirmedClaim(report),
    overfittingWarning(report),
    headlineMarkdown(report),
    bullets([...report.caveats, ...pageNotes(report)]),
    '![Progress](progress.png)',
  ];
  const sections = reportSections.map(({ heading, markdown }) => {
    const text = markdown?.(report);
    return text === undefined ? '' : `## ${heading}\n\n${text}`;
  });
  return `${[...top, ...sections].filter(Boolean).join('\n\n')}\n`;
}

/** The headline: the gain, the number of experiments, and how the study ended. */
export function headlineMarkdown(report: Report): string {
  const { headline: figures, metric, origin, decimals } = report;
  const { result } = figures;
  if (!result) return escapeMarkdown(noBaselineSentence(report));
  const best =
    result.experiment === 0 ? '' : ` The best is experiment ${result.experiment}${commitText(result.commit)}.`;
  const end = origin === 'study' ? ` ${escapeMarkdown(endSentence(figures))}` : '';
  return `**${escapeMarkdown(metric)} ${formatAt(result.baseline, decimals)} -> ${formatAt(result.best, decimals)}**: ${gainSentence(result, decimals, report.confirmed !== undefined)}.\n\n${countsSentence(figures)}${best}${end}`;
}

/** An imported ledger may have no commits. */
function commitText(commit: string): string {
  return commit === '' ? '' : `, commit \`${commit.slice(0, 7)}\``;
}

function confirmedClaim({ confirmed }: Report): string {
  if (!confirmed) return '';
  const word = confirmed.isShown ? 'Confirmed' : 'Not confirmed';
  return `**${word}.** ${confirmed.claims.map(escapeMarkdown).join('\n')}`;
}

function overfittingWarning({ heldOut }: Report): string {
  const warning = heldOut?.gauge?.warning;
  return warning === undefined ? '' : `**${escapeMarkdown(warning)}.**`;
}
