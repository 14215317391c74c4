/**
 * A stage with a user of its own reads what any user reads. Files that only the owner may read, as downloads and files made under
 * a strict umask are, would fail every candidate: where rules on files confine it, it may then read whatever these allow.
 */
import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Rung } from '../../ports/isolation.ts';
import { hasFileRules } from '../isolation/lower-rung.ts';

const othersRead = 0o004;
const othersEnter = 0o001;
/** Entries that are looked at below each path; among more, those that are closed are likely to be among the first. */
const maxEntries = 3000;

/** The rung with which these paths can be read; absolute. */
export function readingRung(rung: Rung, paths: readonly string[]): Rung {
  if (rung.uid === undefined || rung.keeps !== undefined || !hasFileRules(rung)) return rung;
  const isClosed = (process.umask() & othersRead) !== 0 || paths.some((path) => isClosedToOthers(path));
  return isClosed ? { ...rung, keeps: 'CAP_DAC_READ_SEARCH' } : rung;
}

function isClosedToOthers(path: string): boolean {
  const place = attempt(() => realpathSync(path));
  if (place === undefined) return false;
  for (let above = dirname(place); above !== dirname(above); above = dirname(above)) {
    if (!has(above, othersEnter)) return true;
  }
  let left = maxEntries;
  const waiting = [place];
  for (let next = waiting.pop(); next !== undefined && left > 0; next = waiting.pop()) {
    left -= 1;
    const stat = attempt(() => lstatSync(next));
    if (stat === undefined || stat.isSymbolicLink()) continue;
    if ((stat.mode & othersRead) === 0) return true;
    if (!stat.isDirectory()) continue;
    if ((stat.mode & othersEnter) === 0) return true;
    waiting.push(...(attempt(() => readdirSync(next)) ?? []).slice(0, left).map((name) => join(next, name)));
  }
  return false;
}

function has(path: string, right: number): boolean {
  return ((attempt(() => lstatSync(path))?.mode ?? right) & right) !== 0;
}

function attempt<Value>(call: () => Value): Value | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}
