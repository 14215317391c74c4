/**
 * What lies around closed places: rights to a folder reach all below it, so a folder that holds a closed place is opened by
 * what else is in it, one by one.
 */
import { readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathInside } from '../files/path-inside.ts';
import { secretNames } from './home-places.ts';

/** A folder on the way to a closed place with more entries is not opened: a rule for each would cost every run. */
const maxEntries = 300;

/**
 * The paths that together are `roots` without the closed places, and without what holds keys by its name where a folder is
 * opened by its entries. All paths are absolute.
 */
export function openAround(roots: readonly string[], closed: readonly string[]): string[] {
  const shut = [...new Set(closed.flatMap((path) => [path, real(path)]))];
  return [...new Set(roots.flatMap((root) => openOne(root, shut)))];
}

function openOne(path: string, closed: readonly string[]): string[] {
  const place = real(path);
  if (closed.some((each) => pathInside(each, place) !== undefined)) return [];
  const holdsClosed = closed.some((each) => pathInside(place, each) !== undefined);
  const entries = holdsClosed || mayHoldSecrets(place) ? entriesOf(place) : undefined;
  const isPlain = !isCacheOfAll(place) && !entries?.some((name) => secretNames.has(name));
  if (!holdsClosed && isPlain) return [path];
  if (entries === undefined || entries.length > maxEntries) return [];
  return entries.filter((name) => !secretNames.has(name)).flatMap((name) => openOne(join(place, name), closed));
}

/** Libraries keep a token at the top of their caches; further down there is data. */
function mayHoldSecrets(place: string): boolean {
  return /(?:^|\/)(?:\.cache|huggingface|hf[^/]*|[^/]*hf_home[^/]*)$/i.test(place);
}

/** It holds the folders of many libraries, some of which keep a token. */
function isCacheOfAll(place: string): boolean {
  return place.endsWith('/.cache');
}

/** The names in a folder; undefined where it cannot be read. */
export function entriesOf(folder: string): string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    return undefined;
  }
}

/** A path with its links followed, as far as it is there. */
export function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(real(above), path.slice(above.length));
  }
}
