/**
 * Which names a study may have. Apart from the other flags, so that commands that only read load nothing else.
 */
import { SettingsError } from '../../core/base/errors.ts';

/** A commander parser: a name that git refs and folders can carry. */
export function parseTag(text: string): string {
  return readName(text, '--tag');
}

/** The same for the new name of a study. */
export function parseNewName(text: string): string {
  return readName(text, 'The new name');
}

/** What a name looks like, two dots and `.lock` at its end apart. */
export const tagShape = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/;

function readName(text: string, what: string): string {
  if (tagShape.test(text) && !text.includes('..') && !text.endsWith('.lock')) {
    return text;
  }
  throw new SettingsError(
    `${what} must be at most 64 letters, digits, \`-\`, \`_\` and single dots, found ${JSON.stringify(text)}.`,
    { hint: 'Choose a name such as nov23 or wide-models.' },
  );
}
