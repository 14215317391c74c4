/**
 * Answers the model's tool call `read_file`: numbered lines, a part of limited size at a time.
 */

/** Characters of one answer. */
const maxCharacters = 24_000;

/** The lines `from` to `to`, both counted from 1, with their numbers; as many as fit. */
export function readLines(content: string, from = 1, to = Number.POSITIVE_INFINITY): string {
  const lines = content.split('\n');
  const last = Math.min(to, lines.length);
  if (from > last) return `It has ${lines.length} lines.`;
  const shown: string[] = [];
  let size = 0;
  for (let number = from; number <= last; number++) {
    const line = `${String(number).padStart(5)}  ${lines[number - 1]}`.slice(0, 2000);
    size += line.length + 1;
    if (size > maxCharacters)
      return [...shown, `(lines ${number} to ${lines.length} are left out; ask for them)`].join('\n');
    shown.push(line);
  }
  return shown.join('\n');
}
