/**
 * `nocturne import`: the ledger of another program as a morning report for each study in it.
 */
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { type LedgerFile, readLedger } from '../../adapters/ledgers/read-ledger.ts';
import { SettingsError } from '../../core/base/errors.ts';
import { countText, formatMetric } from '../../core/base/format.ts';
import type { Goal } from '../../core/base/metric.ts';
import type { Ledger, SettledPart } from '../../core/imported/ledger.ts';
import { type FoundGoal, goalOfLedger } from '../../core/imported/ledger-goal.ts';
import { ledgerHistory } from '../../core/imported/ledger-history.ts';
import { bestKeep, settlePart } from '../../core/imported/settle.ts';
import { noAttachments } from '../../core/views/report/attachments.ts';
import { type Report, reportOf } from '../../core/views/report/report.ts';
import { parseTag } from '../session/parse-tag.ts';
import { makeStudyFolder } from '../study-folder/make-study-folder.ts';
import { writeReportFiles } from '../study-folder/report-files.ts';
import { hasJournal, runsFolder } from '../study-folder/studies.ts';
import { printData, printJson, say } from '../terminal/print.ts';

const goals: readonly Goal[] = ['minimize', 'maximize'];

interface ImportFlags {
  readonly tag?: string;
  readonly goal?: Goal;
  readonly metric?: string;
  readonly brief?: string;
  readonly json?: boolean;
}

/** Adds the command. */
export function addImport(program: Command): void {
  program
    .command('import')
    .argument('<ledger>', 'results.tsv, a CSV, JSON lines, optuna.db, mlruns, wandb, journal.json … (docs/import.md)')
    .summary('a report from the ledger of another program')
    .description(
      "Reads a ledger of experiments and writes its report to runs/<tag>/: autoresearch's results.tsv and its kin, CSV, Markdown, JSON lines, pi-autoresearch, Optuna, MLflow, W&B, AIDE and OpenEvolve. A file of several studies has a report for each.",
    )
    .option('--tag <tag>', "name of the report's folder (default: the file's name)", parseTag)
    .addOption(
      new Option(
        '--goal <goal>',
        "which way is better (default: as the file, the metric's name or its keeps say)",
      ).choices(goals),
    )
    .option('--metric <name>', 'the column of scores, or what they are in a ledger without a header')
    .option('--brief <path>', 'program.md, or the folder whose runs/ to write to')
    .option('--json', 'the report as data on stdout')
    .action(importLedger);
}

/** A study of the ledger with its report. */
interface ImportedPart {
  readonly tag: string;
  readonly part: SettledPart;
  readonly found: FoundGoal;
  readonly report: Report;
  readonly markdown: string;
  readonly files: Readonly<Record<string, string>>;
}

async function importLedger(path: string, flags: ImportFlags): Promise<void> {
  const file = await readLedger(path, flags.metric);
  const settled = settle(file.ledger, flags.goal, path);
  const tag = flags.tag ?? tagOf(path);
  const tags = settled.map((_, index) => (settled.length === 1 ? tag : `${tag}-${index + 1}`));
  const runs = runsFolder(flags.brief);
  const taken = tags.find((each) => hasJournal(runs, each));
  if (taken !== undefined) {
    throw new SettingsError(`There is a study ${taken} in ${runs} already, with a report of its own.`, {
      hint: 'Name another folder with --tag.',
    });
  }
  const parts: ImportedPart[] = [];
  for (const [index, { part, found }] of settled.entries()) {
    parts.push(await writePart(part, found, tags[index] ?? tag, runs, file));
  }
  const main = mainPart(parts);
  if (flags.json) {
    return printJson({ files: main?.files, report: main?.report, ledger: summaryOf(file.ledger, parts) });
  }
  if (main) printData(main.markdown);
  for (const line of textOf(file.ledger, parts)) say(line);
  say(`Written: ${parts.flatMap(({ files }) => Object.values(files)).join(', ')}`);
}

function settle(ledger: Ledger, asked: Goal | undefined, where: string): { part: SettledPart; found: FoundGoal }[] {
  return ledger.parts.map((part) => {
    const alike = ledger.parts.filter(({ metric, name }) => metric === part.metric && name === part.name);
    const found = goalOfLedger(alike, asked, where);
    return { part: settlePart(part, found.goal), found };
  });
}

async function writePart(
  part: SettledPart,
  found: FoundGoal,
  tag: string,
  runs: string,
  { at }: LedgerFile,
): Promise<ImportedPart> {
  const folder = join(runs, tag);
  await makeStudyFolder(folder);
  const whole = ledgerHistory(part, tag, at);
  const report = reportOf(whole, { attachments: noAttachments, isLive: false, origin: 'ledger' });
  const { markdown, paths } = await writeReportFiles(folder, report);
  return { tag, part, found, report, markdown, files: paths };
}

/** The last study of a ledger: it is what an owner goes on with. */
function mainPart(parts: readonly ImportedPart[]): ImportedPart | undefined {
  return parts.findLast(({ part }) => part.rows.some(({ value }) => value !== null)) ?? parts.at(-1);
}

/** What was read and what was left out, as data. */
function summaryOf(ledger: Ledger, parts: readonly ImportedPart[]) {
  return {
    format: ledger.format,
    unit: ledger.unit,
    parts: parts.map(({ tag, part, found, files }) => {
      const best = bestKeep(part);
      return {
        tag,
        name: part.name,
        metric: part.metric,
        goal: part.goal,
        goalFrom: found.from,
        rows: part.rows.length,
        firstLine: part.rows[0]?.line ?? null,
        keeps: part.rows
          .filter(({ status }) => status === 'keep')
          .map(({ line, value, commit }) => ({ line, value, commit })),
        crashes: part.rows.filter(({ value }) => value === null).length,
        best: best ? { line: best.line, value: best.value, commit: best.commit, description: best.description } : null,
        files,
      };
    }),
    leftOut: ledger.leftOut,
    notes: notesOf(ledger, parts),
  };
}

function notesOf(ledger: Ledger, parts: readonly ImportedPart[]): readonly string[] {
  return [...ledger.notes, ...new Set(parts.flatMap(({ found }) => (found.note === '' ? [] : [`${found.note}.`])))];
}

/** So many lines that were left out are listed; `--json` has all. */
const maxListed = 10;

function textOf(ledger: Ledger, parts: readonly ImportedPart[]): string[] {
  const { format, unit, leftOut } = ledger;
  const rows = parts.reduce((sum, { part }) => sum + part.rows.length, 0);
  const heading = `Read: ${format}, ${countText(rows, 'experiment')} in ${countText(parts.length, 'study', 'studies')}.`;
  const listed = leftOut.slice(0, maxListed).map(({ line, reason, text }) => `  ${unit} ${line}: ${reason}: ${text}`);
  const more = leftOut.length > maxListed ? [`  … and ${leftOut.length - maxListed} more (all with --json)`] : [];
  return [
    heading,
    ...(parts.length > 1 ? parts.map((each) => partText(each, unit)) : []),
    ...notesOf(ledger, parts),
    ...(leftOut.length === 0 ? [] : [`Left out: ${countText(leftOut.length, unit)}.`, ...listed, ...more]),
  ];
}

function partText({ tag, part }: ImportedPart, unit: string): string {
  const best = bestKeep(part);
  const name = part.name === '' ? '' : ` (${part.name})`;
  const kept = part.rows.filter(({ status }) => status === 'keep').length;
  const ends = best
    ? `best ${part.metric} ${formatMetric(best.value)} in ${unit} ${best.line}`
    : 'no keep with a score';
  return `  ${tag}${name}: from ${unit} ${part.rows[0]?.line ?? 1}, ${countText(part.rows.length, 'experiment')}, ${kept} kept, ${ends}`;
}

function tagOf(file: string): string {
  const name = basename(file)
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return parseTag(name === '' ? 'imported' : name.slice(0, 36));
}
