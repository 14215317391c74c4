/**
 * The morning report in Markdown: what was found, what it rests on, and how to look further.
 */
import { formatDuration, formatMetric } from '../format.ts';
import type { WholeHistory } from '../journal/held-out.ts';
import type { ExperimentRecord, History } from '../journal/history.ts';
import { isSeedHonoured, pooledNoise } from '../judge/noise.ts';
import { gainOver } from '../metric.ts';
import { plainText } from '../plain-text.ts';
import { armsSection } from './arms-section.ts';
import { conditionsSection } from './conditions.ts';
import { confirmationSection, confirmedHeadline } from './confirmed-section.ts';
import { type ExperimentRow, experimentRow } from './experiment-row.ts';
import { spendingText } from './spending.ts';
import { type Status, statusOfStudy } from './status.ts';

/** A patch as text, by experiment; an absent one is left out of the report. */
export type PatchOf = (experiment: number) => string | undefined;

/** The whole report as of `now`. */
export function reportMarkdown(history: WholeHistory, now: string, isLive: boolean, patchOf: PatchOf): string {
  const status = statusOfStudy(history, now, isLive);
  const rows = history.experiments.map((record) => experimentRow(history, record));
  const sections = [
    `# ${history.tag}: ${history.frozen.metric.name}`,
    confirmedHeadline(history),
    headline(history, status),
    caveats(history, status),
    keptSection(history, rows, patchOf),
    attemptsSection(rows),
    failuresSection(rows),
    armsSection(history),
    confirmationSection(history),
    noiseSection(history, status),
    conditionsSection(history),
    spentSection(history, status),
    reproduceSection(history, status),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

function headline(history: History, { baseline, best, metric, goal, experiments, kept }: Status): string {
  if (!baseline || !best) return 'The baseline has not been measured yet.';
  const gain = gainOver(goal, baseline.mean, best.mean);
  const interval = best.ci95 ? ` (95 % interval ${formatMetric(best.ci95[0])} to ${formatMetric(best.ci95[1])})` : '';
  const lines = [
    `**${metric} ${formatMetric(baseline.mean)} -> ${formatMetric(best.mean)}**${interval}: better by ${formatMetric(gain)}`,
    `after ${experiments} experiments, ${kept} kept. The best is experiment ${best.experiment}, commit \`${history.tip.slice(0, 7)}\`.`,
  ];
  return lines.join(' ');
}

function caveats(history: WholeHistory, status: Status): string {
  const vouched = history.experiments[0]?.runs[0]?.result?.measurement?.vouched;
  const lines = [
    `- Isolation: ${status.isolation}. Training code ran with the owner's rights.`,
    vouched === 'self-reported'
      ? '- The metric is self-reported: it is what the training script says of itself.'
      : "- The metric is scored: the sandbox's scorer measured the saved weights in a second process. Where it imports the candidate's code, as the shipped one does, it trusts that code.",
  ];
  if (!history.heldOut.confirmations.some(({ gain }) => gain)) {
    lines.push(
      '- The best value is the one that was selected on; expect a fresh seed to be a little worse. `nocturne confirm` measures it.',
    );
  }
  if (status.baseline && !isSeedHonoured(history)) {
    lines.push('- Seed not honoured: the script ignores `NOCTURNE_SEED`, so repeated runs say little about noise.');
  }
  return lines.join('\n');
}

function keptSection(history: History, rows: readonly ExperimentRow[], patchOf: PatchOf): string {
  const kept = rows.filter((row) => row.status === 'kept');
  if (kept.length === 0) return '## Kept\n\nNothing was kept.';
  return ['## Kept', ...kept.map((row) => keptEntry(history, row, patchOf(row.experiment)))].join('\n\n');
}

function keptEntry(history: History, row: ExperimentRow, patch: string | undefined): string {
  const record = history.experiments[row.experiment] as ExperimentRecord;
  const error = record.verdict?.statistics?.standardError;
  const gain = `${formatMetric(row.delta ?? 0)}${error === undefined ? '' : ` ± ${formatMetric(error)}`}`;
  const figures = `${history.frozen.metric.name} ${formatMetric(row.metric ?? 0)}, better by ${gain}, \`${row.commit?.slice(0, 7)}\``;
  const diff = patch === undefined ? '' : `\n\n${fenced('diff', plainText(patch).trimEnd())}`;
  return `### ${row.experiment}. ${escapeMarkdown(row.title)}\n\n${figures}\n\n${escapeMarkdown(record.proposal?.hypothesis ?? '')}${diff}`;
}

function attemptsSection(rows: readonly ExperimentRow[]): string {
  const lines = rows.map((row) => {
    const metric = row.metric === null ? '' : formatMetric(row.metric);
    const delta = row.delta === null || row.experiment === 0 ? '' : formatMetric(row.delta);
    return `| ${row.experiment} | ${row.status} | ${metric} | ${delta} | ${escapeMarkdown(row.title)} |`;
  });
  return ['## Every attempt', '', '| # | status | metric | gain | what |', '|---|---|---|---|---|', ...lines].join(
    '\n',
  );
}

function failuresSection(rows: readonly ExperimentRow[]): string {
  const failed = rows.filter((row) => row.status === 'failed');
  if (failed.length === 0) return '';
  const byReason = new Map<string, ExperimentRow[]>();
  for (const row of failed) byReason.set(row.reason, [...(byReason.get(row.reason) ?? []), row]);
  const lines = [...byReason].map(
    ([reason, group]) => `- ${escapeMarkdown(reason)}: ${group.map((row) => row.experiment).join(', ')}`,
  );
  return ['## Failures', '', ...lines].join('\n');
}

function noiseSection(history: History, { baseline }: Status): string {
  const noise = pooledNoise(history);
  if (!noise || !baseline) return '';
  const sigma = formatMetric(noise.sigma);
  return `## Noise\n\nOne run moves by ${sigma} (standard deviation, ${noise.degreesOfFreedom} degrees of freedom) when only the seed changes.`;
}

function spentSection(history: History, { spent, runs, stop }: Status): string {
  const ended = stop ? ` It ended because of \`${stop.reason}\`: ${stop.detail}.` : '';
  return `## Spent\n\n${runs} runs in ${formatDuration(spent.hours * 3600)} of live time, ${modelCalls(history)}.${ended}`;
}

function modelCalls({ session, spent }: History): string {
  const spending = spendingText(spent);
  if (spending !== undefined) return `model calls: ${spending}`;
  return session.researcher === 'command' ? 'what the coding agent spent is not known here' : 'no model calls';
}

function reproduceSection(history: History, { best }: Status): string {
  const lines = [
    '## Look further',
    '',
    '```',
    `git log autoresearch/${history.tag}                 # the kept experiments`,
    `git for-each-ref refs/autoresearch/${history.tag}   # every attempt`,
    `nocturne show ${best?.experiment ?? 0} --tag ${history.tag}`,
    `nocturne check --tag ${history.tag}`,
    `nocturne confirm --tag ${history.tag}   # the gain again, on fresh seeds`,
    '```',
  ];
  return lines.join('\n');
}

/** A block of code behind a fence that is longer than any run of backticks in it. */
function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** Titles and reasons may hold anything; they must not become headings, links or table cells. */
function escapeMarkdown(text: string): string {
  return plainText(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]<>|#]/g, '\\$&');
}
