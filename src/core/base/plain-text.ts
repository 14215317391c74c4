/**
 * Training output made fit to print: it may hold anything, terminal codes included.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: stripping control characters is what this is for.
const terminalCodes = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b\r\n]*(?:\u0007|\u001b\\)?|\u001b./gu;
const invisible =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the same; tab and newline stay.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

/** The text without terminal codes, control characters and invisible characters; `\r` becomes a newline. */
export function plainText(text: string): string {
  return text.replace(terminalCodes, '').replace(/\r\n?/g, '\n').replace(invisible, '');
}

/** The same on one line, with single blanks between its words. */
export function plainLine(text: string): string {
  return plainText(text).replace(/\s+/g, ' ').trim();
}

/** The last lines that are not empty. */
export function lastLines(text: string, count: number): string {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .join('\n');
}
