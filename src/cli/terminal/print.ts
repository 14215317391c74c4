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

/** A reader that went away (`| head`, a closed terminal) is no reason to stop: what matters is in the journal. */
export function ignoreClosedStreams(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    });
  }
}

/** Prints a line for people. */
export function say(text: string): void {
  process.stderr.write(`${withNpx(text)}\n`);
}

/** A command of ours as it is typed where the program was started by npm or npx, which do not put it on the PATH. */
export function asTyped(command: string): string {
  return isStartedByNpm() ? command.replace(/^nocturne /, 'npx nocturne ') : command;
}

/** The text with each command of ours that stands in backquotes as it is typed here. */
function withNpx(text: string): string {
  return isStartedByNpm() ? text.replaceAll('`nocturne ', '`npx nocturne ') : text;
}

function isStartedByNpm(): boolean {
  return process.env.npm_lifecycle_event !== undefined;
}
