/**
 * `nocturne import`: a karpathy/autoresearch ledger as a morning report.
 */
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { SettingsError } from '../../core/base/errors.ts';
import type { Goal } from '../../core/base/metric.ts';
import { goalOfLedger } from '../../core/imported/ledger-goal.ts';
import { ledgerHistory } from '../../core/imported/ledger-history.ts';
import { parseLedger } from '../../core/imported/parse-ledger.ts';
import { noAttachments } from '../../core/views/report/attachments.ts';
import { reportOf } from '../../core/views/report/report.ts';
import { parseTag } from '../session/parse-tag.ts';
import { makeStudyFolder } from '../study-folder/make-study-folder.ts';
import { writeReportFiles } from '../study-folder/report-files.ts';
import { hasJournal, runsFolder } from '../study-folder/studies.ts';
import { printData, printJson, say } from '../terminal/print.ts';

const goals: readonly Goal[] = ['minimize', 'maximize'];

interface ImportFlags {
  readonly tag?: string;
  readonly goal?: Goal;
  readonly brief?: string;
  readonly json?: boolean;
}

/** Adds the command. */
export function addImport(program: Command): void {
  program
    .command('import')
    .argument('<file>', 'results.tsv of karpathy/autoresearch: commit, metric, memory_gb, status, description')
    .summary('a report from a karpathy/autoresearch ledger')
    .description('Reads a karpathy/autoresearch results.tsv and writes its report to runs/<tag>/.')
    .option('--tag <tag>', "name of the report's folder (default: the file's name)", parseTag)
    .addOption(new Option('--goal <goal>', "which way is better (default: as the metric's name says)").choices(goals))
    .option('--brief <path>', 'program.md, or the folder whose runs/ to write to')
    .option('--json', 'the report as data on stdout')
    .action(importLedger);
}

async function importLedger(file: string, flags: ImportFlags): Promise<void> {
  const { text, at } = await readLedgerFile(file);
  const ledger = parseLedger(text, file);
  const goal = goalOfLedger(ledger, flags.goal, file);
  const tag = flags.tag ?? tagOf(file);
  const runs = runsFolder(flags.brief);
  if (hasJournal(runs, tag)) {
    throw new SettingsError(`There is a study ${tag} in ${runs} already, with a report of its own.`, {
      hint: 'Name another folder with --tag.',
    });
  }
  const folder = join(runs, tag);
  await makeStudyFolder(folder);
  const whole = ledgerHistory(ledger, tag, goal, at);
  const report = reportOf(whole, { attachments: noAttachments, isLive: false, origin: 'ledger' });
  const { markdown, paths } = await writeReportFiles(folder, report);
  if (flags.json) return printJson({ files: paths, report });
  printData(markdown);
  say(`Written: ${Object.values(paths).join(', ')}`);
}

async function readLedgerFile(file: string): Promise<{ text: string; at: string }> {
  try {
    return { text: await readFile(file, 'utf8'), at: (await stat(file)).mtime.toISOString() };
  } catch (error) {
    throw new SettingsError(`The ledger ${file} cannot be read: ${(error as Error).message}.`, {
      hint: 'Name the results.tsv of an autoresearch folder.',
      cause: error,
    });
  }
}

function tagOf(file: string): string {
  const name = basename(file)
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return parseTag(name === '' ? 'imported' : name.slice(0, 40));
}
