/**
 * `nocturne note`: leaves a note of the owner for the researcher.
 */
import type { Command } from 'commander';
import { leaveNote, noteSentences, readNote } from '../session/leave-note.ts';
import { parseTag } from '../session/parse-tag.ts';
import { findStudy } from '../study-folder/studies.ts';
import { printJson, say } from '../terminal/print.ts';

interface NoteFlags {
  readonly tag?: string;
  readonly brief?: string;
  readonly json?: boolean;
}

/** Adds the command. */
export function addNote(program: Command): void {
  program
    .command('note')
    .summary('leave a note for the researcher')
    .description('Leaves a note that comes first in what a model reads before each proposal; kept in the journal.')
    .argument('<text...>', 'what you want to say')
    .option('--tag <tag>', 'name of the study (default: the one worked on last)', parseTag)
    .option('--brief <path>', 'program.md, or the folder that has one')
    .option('--json', 'JSON on stdout')
    .action(async (words: readonly string[], flags: NoteFlags) => {
      const text = readNote(words.join(' '));
      const study = findStudy(flags.brief, flags.tag);
      const left = await leaveNote(study, text);
      if (flags.json) return printJson(left);
      for (const sentence of noteSentences(left, study.history)) say(sentence);
    });
}
