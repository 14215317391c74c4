/**
 * `nocturne note`: leaves a note of the owner for the researcher.
 */
import type { Command } from 'commander';
import { leaveMessage } from '../../adapters/file-inbox.ts';
import { findHolder } from '../../adapters/run-lock.ts';
import { SettingsError } from '../../core/base/errors.ts';
import { plainText } from '../../core/base/plain-text.ts';
import { asksModelOrAgent } from '../../core/brief/proposers.ts';
import { parseTag } from '../session/parse-tag.ts';
import { findStudy } from '../study-folder/studies.ts';
import { printJson, say } from '../terminal/print.ts';

interface NoteFlags {
  readonly tag?: string;
  readonly brief?: string;
  readonly json?: boolean;
}

/** Length of a note: it is part of every later prompt. */
const maxCharacters = 4000;

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
      const text = readText(words);
      const { tag, folder, history } = findStudy(flags.brief, flags.tag);
      const isRunning = (await findHolder(folder)) !== undefined;
      await leaveMessage(folder, { kind: 'note', text });
      if (flags.json) return printJson({ tag, isRunning });
      say(`Left a note for study ${tag}; it is read ${isRunning ? 'at once' : 'when the study goes on'}.`);
      if (!asksModelOrAgent(history.session)) {
        say(`Its researcher, ${history.session.researcher}, cannot read; the note is kept in the journal.`);
      }
    });
}

function readText(words: readonly string[]): string {
  const text = plainText(words.join(' ')).trim();
  if (text === '')
    throw new SettingsError('The note is empty.', { hint: 'Say it in quotes: nocturne note "Try ReLU".' });
  if (text.length <= maxCharacters) return text;
  throw new SettingsError(`A note may have at most ${maxCharacters} characters, found ${text.length}.`, {
    hint: 'Put what is longer into the prose of the brief.',
  });
}
