/**
 * Makes the report of a study anew, from its journal and the logs of its runs.
 */
import { type Report, reportOf } from '../../core/views/report/report.ts';
import { openJobReader } from '../compose/engines.ts';
import { createAttachmentCache } from '../study-folder/report-attachments.ts';
import { type ReportFiles, writeReportFiles } from '../study-folder/report-files.ts';
import type { FoundStudy } from '../study-folder/studies.ts';

/** The report; `isLive` says whether a controller works on the study. */
export async function makeReport(study: FoundStudy, isLive: boolean): Promise<Report> {
  const readAttachments = createAttachmentCache(study.folder, openJobReader(study.history.session.engine));
  return reportOf(study, { attachments: await readAttachments(study.history), isLive });
}

/** Writes the files of the report; `isLive` says whether a controller works on the study. */
export async function writeReport(
  study: FoundStudy,
  isLive: boolean,
): Promise<{ readonly report: Report; readonly files: ReportFiles }> {
  const report = await makeReport(study, isLive);
  return { report, files: await writeReportFiles(study.folder, report) };
}
