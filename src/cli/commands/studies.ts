/**
 * `nocturne studies`: all studies of a brief, side by side.
 */
import type { Command } from 'commander';
import { studiesTable } from '../render/studies-table.ts';
import { tellDamage } from '../study-folder/studies.ts';
import { readStudyRows } from '../study-folder/study-rows.ts';
import { printData, printJson, say } from '../terminal/print.ts';

interface StudiesFlags {
  readonly brief?: string;
  readonly json?: boolean;
}

/** Adds the command. */
export function addStudies(program: Command): void {
  program
    .command('studies')
    .summary('all studies of a brief, side by side')
    .description('Lists the studies of a brief, the one worked on last first: what each tried and kept, and its best.')
    .option('--brief <path>', 'program.md, or the folder that has one')
    .option('--json', 'one study per line')
    .action(listStudies);
}

async function listStudies({ brief, json }: StudiesFlags): Promise<void> {
  const { rows, unreadable, damaged } = await readStudyRows(brief);
  for (const study of damaged) tellDamage(study, study.damage);
  if (json) for (const row of rows) printJson(row);
  else if (rows.length > 0) printData(studiesTable(rows));
  for (const tag of unreadable)
    say(`The first line of the journal of ${tag} cannot be read: see \`nocturne check --tag ${tag}\`.`);
}
