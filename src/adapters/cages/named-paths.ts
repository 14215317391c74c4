/**
 * Places outside the project that the owner's own words name: the brief's commands, variables that are passed on, and the
 * files of the commit that a study starts from. A run may read them; what a candidate names later opens nothing.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathInside } from '../files/path-inside.ts';
import { secretNames } from './home-places.ts';
import { real } from './open-around.ts';

export interface NamedPathOptions {
  /** The owner's home, absolute. */
  readonly home: string;
  /** Absolute places that no name opens, and no name of a folder that holds one. */
  readonly closed: readonly string[];
}

/** The paths of a text that are there, or else the folder that they would lie in. */
export function namedPaths(text: string, options: NamedPathOptions): string[] {
  const spoken = [...candidates(text, options.home)];
  return [...new Set(spoken.flatMap((path) => openable(path, options)))];
}

/** Those of these texts that are, as a whole, a path that is there. */
export function wholePaths(texts: readonly string[], options: NamedPathOptions): string[] {
  return texts.filter((text) => text.startsWith('/')).flatMap((path) => openable(path, options));
}

/** What may follow a path that a program makes up as it goes: `/data/{split}/part-*.bin`. */
const character = '[^\\s"\'`<>|{}()\\[\\]$*?%,;:#=\\\\]';

function* candidates(text: string, home: string): Iterable<string> {
  const absolute = new RegExp(`(?<![\\w./~}-])(~|\\$HOME|\\$\\{HOME\\})?(/${character}+)`, 'g');
  for (const [, below, path = ''] of text.matchAll(absolute)) yield below === undefined ? path : join(home, path);
  const made =
    /(?:Path\.home\(\)|expanduser\(\s*["']~["']\s*\)|getenv\(\s*["']HOME["']\s*\)|environ\[\s*["']HOME["']\s*\])((?:\s*[,/+]\s*["'][^"'\n]+["'])+)/g;
  for (const [, parts = ''] of text.matchAll(made)) {
    const names = [...parts.matchAll(/["']([^"'\n]+)["']/g)].map(([, name = '']) => name);
    // A name that a variable follows is not whole: then the folder stands for it.
    yield join(home, ...names);
  }
}

function openable(path: string, options: NamedPathOptions): string[] {
  const plain = path.replace(/[./]+$/, '');
  if (mayOpen(plain, options)) return [plain];
  const above = dirname(plain);
  return depthOf(above) > 1 && above !== options.home && mayOpen(above, options) ? [above] : [];
}

function mayOpen(path: string, { home, closed }: NamedPathOptions): boolean {
  if (depthOf(path) < 1 || ofSystem.test(path) || !existsSync(path)) return false;
  const place = real(path);
  if (place.split('/').some((name) => secretNames.has(name) && name !== '.config')) return false;
  return ![real(home), ...closed].some(
    (each) => pathInside(place, each) !== undefined || (each !== real(home) && pathInside(each, place) !== undefined),
  );
}

/** What of the system a run reads is no question of its names. */
const ofSystem = /^\/(?:etc|usr|lib\w*|bin|sbin|proc|sys|dev|run|boot)(?:\/|$)/;

function depthOf(path: string): number {
  return path.split('/').filter((name) => name !== '').length;
}
