/**
 * `nocturne studies`: all studies of a brief, side by side.
 */
import type { Command } from 'commander';
import { SettingsError } from '../../core/base/errors.ts';
import { studyRow } from '../../core/views/study-row.ts';
import { studiesTable } from '../render/studies-table.ts';
import { isWorkedOn } from '../study-folder/is-worked-on.ts';
import { findStudies, runsFolder } from '../study-folder/studies.ts';
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
  const { studies, unreadable } = findStudies(brief);
  const now = new Date().toISOString();
  // A copied or renamed folder is named as it is.
  const rows = await Promise.all(
    studies.map(async (study) => ({ ...studyRow(study, now, await isWorkedOn(study.folder)), tag: study.tag })),
  );
  if (json) for (const row of rows) printJson(row);
  else if (rows.length > 0) printData(studiesTable(rows));
  for (const tag of unreadable)
    say(`The first line of the journal of ${tag} cannot be read: see \`nocturne check --tag ${tag}\`.`);
  if (rows.length + unreadable.length > 0) return;
  throw new SettingsError(`There is no study in ${runsFolder(brief)}.`, {
    hint: 'Start one with `nocturne run`, or see one at work with `nocturne demo`.',
  });
}
