/**
 * `nocturne report`: writes the morning report anew and shows it.
 */
import type { Command } from 'commander';
import { parseTag } from '../session/parse-tag.ts';
import { writeReport } from '../session/write-report.ts';
import { findStudy } from '../study-folder/studies.ts';
import { openInBrowser } from '../terminal/open-in-browser.ts';
import { printData, printJson, say } from '../terminal/print.ts';

interface ReportFlags {
  readonly tag?: string;
  readonly brief?: string;
  readonly open?: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function addReport(program: Command): void {
  program
    .command('report')
    .summary('the morning report: report.md, report.html, progress.png and .svg')
    .description(
      'Writes the report to runs/<tag>/ (report.md, report.html, progress.png, progress.svg) and prints the Markdown.',
    )
    .option('--tag <tag>', 'name of the study (default: the one worked on last)', parseTag)
    .option('--brief <path>', 'program.md, or the folder that has one')
    .option('--open', 'open report.html in the browser instead of printing')
    .option('--json', 'the report as data on stdout')
    .action(showReport);
}

async function showReport(flags: ReportFlags): Promise<void> {
  const study = findStudy(flags.brief, flags.tag);
  const { findHolder } = await import('../../adapters/run-lock.ts');
  const isLive = (await findHolder(study.folder)) !== undefined;
  const { report, files } = await writeReport(study, isLive);
  if (flags.json) printJson({ files: files.paths, report });
  else if (!flags.open) printData(files.markdown);
  if (!flags.json) say(`Written: ${Object.values(files.paths).join(', ')}`);
  if (!files.paths.png) say('There is no progress.png: this platform has no drawing library (@resvg/resvg-js).');
  if (flags.open) await openInBrowser(files.paths.html);
}
