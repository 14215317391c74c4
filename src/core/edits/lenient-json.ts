/**
 * Reads a JSON object as models write one: fenced, as a string within a string, with raw line breaks in its strings or a
 * comma too many. Nothing is guessed: an object that is cut off is none.
 */
import { parseJson } from '../base/parse-json.ts';

/** The object that a text holds and nothing beside it; undefined for any other text. */
export function readLenientObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = readLenientJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

/** The object or list that a text holds; for a text of another value, that value if it is JSON. */
export function readLenientJson(text: string): unknown {
  const plain = unfenced(text.trim());
  const value = parseJson(plain) ?? parseJson(mended(plain));
  if (typeof value !== 'string') return value;
  const inner = unfenced(value.trim());
  return /^[{[]/.test(inner) ? (parseJson(inner) ?? parseJson(mended(inner)) ?? value) : value;
}

function unfenced(text: string): string {
  return /^(`{3,}|~{3,})[^\n{[]*\n?([\s\S]*?)\n?\1$/.exec(text)?.[2]?.trim() ?? text;
}

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text with control characters in its strings escaped, and without commas before a closing bracket. */
function mended(text: string): string {
  return text.replace(/"(?:[^"\\]|\\[\s\S])*"|,(?=\s*[}\]])/g, (part) =>
    part === ',' ? '' : part.replace(/[\n\r\t]/g, (character) => escapes[character] ?? character),
  );
}
