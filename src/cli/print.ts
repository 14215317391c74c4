/**
 * The only way out to the terminal: data to stdout, everything said to people to stderr.
 */

/** Prints data, ending in a newline. */
export function printData(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Prints one JSON value on a line of its own. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Says something to whoever is watching. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
