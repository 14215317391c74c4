/**
 * Reads a JSON file that training code or the owner can write: what is of another shape is never taken for what was meant.
 */
import type { z } from 'zod';
import { parseJson } from '../../core/base/parse-json.ts';
import { readBytes } from './read-file.ts';

/** What a file says; `found` names in words what is there instead, such as `a folder` or `no JSON`. */
export type JsonFile<Value> =
  | { readonly kind: 'read'; readonly value: Value }
  | { readonly kind: 'absent' }
  | { readonly kind: 'malformed'; readonly found: string };

/**
 * The file's value, if the file is there and as the schema says. Never waits for a pipe, and reads at most `maxBytes`
 * (default: 64 MiB).
 */
export async function readJson<Value>(
  path: string,
  schema: z.ZodType<Value>,
  maxBytes?: number,
): Promise<JsonFile<Value>> {
  const file = await readBytes(path, maxBytes);
  if (file.kind === 'absent') return file;
  if (file.kind === 'unreadable') return { kind: 'malformed', found: file.found };
  const raw = parseJson(file.bytes.toString('utf8'));
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { kind: 'read', value: parsed.data };
  return { kind: 'malformed', found: raw === undefined ? 'no JSON' : 'JSON of another shape' };
}

/** The value, if it was read. */
export function contentOf<Value>(file: JsonFile<Value>): Value | undefined {
  return file.kind === 'read' ? file.value : undefined;
}
