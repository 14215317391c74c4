/**
 * JSON that a script, a model or a person wrote, and that may therefore be none.
 */

/** The value of a JSON text; undefined for a text that is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
