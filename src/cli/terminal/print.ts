/**
 * The only way out to the terminal: data to stdout, everything said to people to stderr.
 */

import { withTypedCommands } from './as-typed.ts';

/** Prints data, ending in a newline. */
export function printData(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Prints one JSON value on a line of its own. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/**
 * Output that cannot be written ends nothing: what matters is in the journal. A reader that went away (`| head`, a closed
 * terminal) is not even worth a word; data that a full disk does not take is said, with exit code 1.
 */
export function surviveLostOutput(): void {
  process.stderr.on('error', () => {});
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || code === 'EIO') return;
    say(`nocturne: Standard output cannot be written: ${message}.`);
    process.exitCode = 1;
  });
}

/** Prints a line for people. */
export function say(text: string): void {
  process.stderr.write(`${withTypedCommands(text)}\n`);
}
