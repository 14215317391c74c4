/**
 * `nocturne check`: compares the journal with the repository, results.tsv and the report, and checks each of its
 * entries.
 */
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { journalPath, readSound } from '../../adapters/archive/read-journal.ts';
import { readText } from '../../adapters/files/read-file.ts';
import { readStudyInRepository } from '../../adapters/git/read-study.ts';
import { findRepository } from '../../adapters/git/start-point.ts';
import { countText } from '../../core/base/format.ts';
import { damageText } from '../../core/journal/damage.ts';
import { entryBodySchema } from '../../core/journal/entry.ts';
import { isAdded } from '../../core/journal/fits.ts';
import { createFold } from '../../core/journal/fold.ts';
import type { WholeHistory } from '../../core/journal/held-out.ts';
import { findDisagreements } from '../../core/views/check.ts';
import { noAttachments } from '../../core/views/report/attachments.ts';
import { findFigureDisagreements, readWrittenReport } from '../../core/views/report/check-figures.ts';
import { reportOf } from '../../core/views/report/report.ts';
import { resultsTsv } from '../../core/views/results-tsv.ts';
import { figuresOf } from '../../web/figures.ts';
import { headlineMarkdown } from '../../web/markdown/report-markdown.ts';
import { parseTag } from '../session/parse-tag.ts';
import { type FoundStudy, findStudy } from '../study-folder/studies.ts';
import { printData, printJson, say } from '../terminal/print.ts';

interface CheckFlags {
  readonly tag?: string;
  readonly brief?: string;
  readonly json?: boolean;
  readonly repair?: boolean;
}

/** Adds the command. */
export function addCheck(program: Command): void {
  program
    .command('check')
    .summary('hold the journal against git, results.tsv and the report')
    .description('Holds the journal against the repository, results.tsv and the report; exit 1 when they disagree.')
    .option('--tag <tag>', 'name of the study (default: the one worked on last)', parseTag)
    .option('--brief <path>', 'program.md, or the folder that has one')
    .option('--repair', 'make a damaged journal whole again from what is sound in it, and keep a copy of it')
    .option('--json', 'JSON on stdout')
    .action(async (flags: CheckFlags) => {
      const study = flags.repair ? await repair(flags) : findStudy(flags.brief, flags.tag);
      const problems = await checkStudy(study);
      const entries = study.history.lastSeq;
      if (flags.json)
        printJson({ tag: study.tag, entries, experiments: study.history.experiments.length - 1, problems });
      else printData(problems.length === 0 ? agreement(study, entries) : problems.join('\n'));
      if (problems.length > 0) process.exitCode = 1;
    });
}

async function repair({ brief, tag }: CheckFlags): Promise<FoundStudy> {
  const study = findStudy(brief, tag, 'untold');
  const { repairStudy } = await import('../session/repair-study.ts');
  const done = await repairStudy(study);
  for (const sentence of done.length === 0 ? [`The journal of study ${study.tag} needs no repair.`] : done)
    say(sentence);
  return findStudy(study.briefArgument, study.tag);
}

async function checkStudy(study: FoundStudy): Promise<string[]> {
  const root = await findRepository(dirname(dirname(study.folder)));
  const { tag, start } = study.history;
  const stored = await readStudyInRepository(root, tag, start);
  const isMisnamed = tag !== study.tag;
  return [
    ...(isMisnamed ? [`${study.folder} holds study ${tag}; \`nocturne rename\` gives a study another name`] : []),
    ...(study.damage ? [`the journal is damaged at line ${study.damage.line}: ${damageText(study.damage)}`] : []),
    ...checkEntries(study),
    ...findDisagreements(study.history, stored),
    ...(await checkResults(study)),
    ...(await checkReport(study.folder)),
  ];
}

function checkEntries({ folder }: FoundStudy): string[] {
  const problems: string[] = [];
  for (const { seq, at: _, ...body } of readSound(journalPath(folder))) {
    const parsed = entryBodySchema.safeParse(body);
    if (!parsed.success)
      problems.push(`journal line ${seq}: not a valid ${body.event}: ${parsed.error.issues[0]?.message}`);
  }
  return problems;
}

async function checkResults({ folder, history }: FoundStudy): Promise<string[]> {
  const found = await readText(join(folder, 'results.tsv'));
  if (found === undefined) return ['results.tsv is missing; the next start writes it anew'];
  return found === resultsTsv(history) ? [] : ['results.tsv differs from the journal; the next start writes it anew'];
}

/**
 * Compares the written report with the journal up to the entry that the report saw last: a report may be older than the
 * journal, but must not differ from it. One sentence for each disagreement; none before the first report is written.
 */
async function checkReport(folder: string): Promise<string[]> {
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
  for (const entry of readSound(journalPath(folder))) {
    if (entry.seq > seq) break;
    if (!isAdded(fold, entry)) break;
    last = entry.seq;
  }
  return last === seq ? fold.whole() : undefined;
}

function agreement({ tag, history }: FoundStudy, entries: number): string {
  return `${tag}: ${entries} journal entries, ${countText(history.experiments.length - 1, 'experiment')} and ${countText(history.kept, 'keep')} agree with the repository and results.tsv.`;
}
