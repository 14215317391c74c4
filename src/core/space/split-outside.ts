/**
 * Splits a text at a mark, but not inside quotes or brackets.
 */

/** The pieces between the marks; at most `max` pieces, the last one with the rest. */
export function splitOutside(text: string, mark: string, max = Number.POSITIVE_INFINITY): string[] {
  const pieces: string[] = [];
  let start = 0;
  let depth = 0;
  let quote = '';
  for (let index = 0; index < text.length; index++) {
    const letter = text[index] ?? '';
    if (quote !== '') {
      if (letter === '\\') index += 1;
      else if (letter === quote) quote = '';
    } else if (depth === 0 && pieces.length + 1 < max && text.startsWith(mark, index)) {
      pieces.push(text.slice(start, index));
      start = index + mark.length;
      index = start - 1;
    } else if (letter === '"' || letter === "'") quote = letter;
    else if ('([{'.includes(letter)) depth += 1;
    else if (')]}'.includes(letter)) depth -= 1;
  }
  return [...pieces, text.slice(start)];
}
