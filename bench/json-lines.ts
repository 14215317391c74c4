/**
 * Files of JSON lines, which benches that can be restarted write one by one.
 */
import { existsSync, readFileSync } from 'node:fs';

/** What each line says; nothing where the file is not there yet. */
export function readJsonLines<Line>(path: string): Line[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Line);
}
