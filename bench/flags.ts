/**
 * The flags of a bench: `--name value`.
 */

/** The value after `--name` on the command line; undefined when it is not given. */
export function readFlag(name: string): string | undefined {
  const index = process.argv.indexOf(`--${name}`);
  return index === -1 ? undefined : process.argv[index + 1];
}
