/**
 * The morning report as files: `report.md`, `report.html`, `progress.svg` and `progress.png`, each written whole or not
 * at all. They are rebuilt from the journal, and only `nocturne check` reads them.
 */
import { join } from 'node:path';
import { writeWhole } from '../../adapters/files/write-whole.ts';
import { rasterise } from '../../adapters/rasterise.ts';
import type { Report } from '../../core/views/report/report.ts';
import { reportPage } from '../../web/html/page.ts';
import { reportMarkdown } from '../../web/markdown/report-markdown.ts';
import { progressFile } from '../../web/svg/progress-figure.ts';

export interface ReportFiles {
  /** The text of report.md. */
  readonly markdown: string;
  /** Absolute paths; without `png` where it was not drawn, or this platform cannot draw one. */
  readonly paths: { readonly html: string; readonly markdown: string; readonly svg: string; readonly png?: string };
}

/** Writes the files of a report into a folder; `isDrawn: false` leaves `progress.png` as it is, which takes most of the time. */
export async function writeReportFiles(
  folder: string,
  report: Report,
  { isDrawn = true }: { readonly isDrawn?: boolean } = {},
): Promise<ReportFiles> {
  // All are made before the first is written: the history behind the report may grow while a file is written.
  const markdown = reportMarkdown(report);
  const html = reportPage(report);
  const svg = progressFile(report.progress);
  const png = isDrawn ? await rasterise(svg) : undefined;
  const write = async (name: string, content: string | Uint8Array) => {
    const path = join(folder, name);
    await writeWhole(path, content, { isDurable: false });
    return path;
  };
  const paths = {
    html: await write('report.html', html),
    markdown: await write('report.md', markdown),
    svg: await write('progress.svg', svg),
    ...(png === undefined ? {} : { png: await write('progress.png', png) }),
  };
  return { markdown, paths };
}
