/**
 * The written report against the journal as it was when the report was written: a report may be behind, never wrong.
 */
import { join } from 'node:path';
import { journalPath, readJournal } from '../../adapters/archive/read-journal.ts';
import { readText } from '../../adapters/files/read-file.ts';
import { createFold } from '../../core/journal/fold.ts';
import type { WholeHistory } from '../../core/journal/held-out.ts';
import { noAttachments } from '../../core/views/report/attachments.ts';
import { findFigureDisagreements, readWrittenReport } from '../../core/views/report/check-figures.ts';
import { reportOf } from '../../core/views/report/report.ts';
import { figuresOf } from '../../web/figures.ts';
import { headlineMarkdown } from '../../web/markdown/report-markdown.ts';

/** Every disagreement in one sentence; none while no report was written. */
export async function checkReport(folder: string): Promise<string[]> {
  const page = await readText(join(folder, 'report.html'));
  if (page === undefined) return [];
  const written = readWrittenReport(page);
  const whole = written.seq === undefined ? undefined : foldUpTo(folder, written.seq);
  if (!whole) return ['report.html does not say which entry it has seen last; `nocturne report` writes it anew'];
  const markdown = (await readText(join(folder, 'report.md'))) ?? '';
  const reports = [true, false].map((isLive) => reportOf(whole, { attachments: noAttachments, isLive }));
  const isTold = reports.some((report) => markdown.includes(headlineMarkdown(report)));
  const [report] = reports;
  return [
    ...(report ? findFigureDisagreements(figuresOf(report), written) : []),
    ...(isTold ? [] : ['report.md tells another headline than the journal; `nocturne report` writes it anew']),
  ];
}

function foldUpTo(folder: string, seq: number): WholeHistory | undefined {
  const fold = createFold();
  let last = 0;
  for (const entry of readJournal(journalPath(folder))) {
    if (entry.seq > seq) break;
    fold.add(entry);
    last = entry.seq;
  }
  return last === seq ? fold.whole() : undefined;
}
