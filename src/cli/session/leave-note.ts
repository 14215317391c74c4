/**
 * Leaves a note of the owner for the researcher of a study.
 */
import { leaveMessage } from '../../adapters/file-inbox.ts';
import { findHolder } from '../../adapters/run-lock.ts';
import { SettingsError } from '../../core/base/errors.ts';
import { plainText } from '../../core/base/plain-text.ts';
import { asksModelOrAgent } from '../../core/brief/proposers.ts';
import { maxNoteCharacters } from '../../core/journal/note-length.ts';
import type { FoundStudy } from '../study-folder/studies.ts';

export interface LeftNote {
  readonly tag: string;
  /** Whether a controller works on the study now, and so reads it at once. */
  readonly isRunning: boolean;
}

/** Leaves the note, as `readNote` gives it. */
export async function leaveNote({ tag, folder }: FoundStudy, text: string): Promise<LeftNote> {
  const isRunning = (await findHolder(folder)) !== undefined;
  await leaveMessage(folder, { kind: 'note', text });
  return { tag, isRunning };
}

/** That it was left, and where nobody reads it that too. */
export function noteSentences({ tag, isRunning }: LeftNote, { session }: FoundStudy['history']): readonly string[] {
  const left = `Left a note for study ${tag}; it is read ${isRunning ? 'at once' : 'when the study goes on'}.`;
  if (asksModelOrAgent(session)) return [left];
  return [left, `Its researcher, ${session.researcher}, cannot read; the note is kept in the journal.`];
}

/** The note as it is journalled. Throws a SettingsError for one that is empty or too long. */
export function readNote(words: string): string {
  const text = plainText(words).trim();
  if (text === '')
    throw new SettingsError('The note is empty.', { hint: 'Say it in quotes: nocturne note "Try ReLU".' });
  if (text.length <= maxNoteCharacters) return text;
  throw new SettingsError(`A note may have at most ${maxNoteCharacters} characters, found ${text.length}.`, {
    hint: 'Put what is longer into the prose of the brief.',
  });
}
