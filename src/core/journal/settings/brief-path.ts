/**
 * Paths of the brief, normalised: `/`-separated, relative, without `.` segments or a trailing slash.
 *
 * Whether a path exists, is tracked or leaves the repository is not checked here: that takes the disk and git.
 */
import { type ReadResult, read, refuse } from '../../base/read-result.ts';

/** Reads a path relative to the brief; it may go up with `..`, since the brief need not be at the repository's root. */
export function readBriefPath(raw: unknown): ReadResult<string> {
  if (typeof raw !== 'string' || raw.trim() === '') return refuse('a path relative to the brief');
  if (/^[/~]|^[A-Za-z]:/.test(raw)) return refuse('a path relative to the brief, not an absolute one');
  if (raw.includes('\\')) return refuse('a path with `/` between its folders');
  if (/[*?]/.test(raw)) return refuse('a plain path', { hint: 'Name each file or folder: patterns are not expanded.' });
  if (/\p{Cc}/u.test(raw)) return refuse('a path without control characters');
  const path = normalise(raw);
  if (/(^|\/)\.git(\/|$)/i.test(path)) return refuse("a path outside git's own folder");
  return read(path);
}

/** Reads a path relative to the sandbox that stays inside it. */
function readInnerPath(raw: unknown): ReadResult<string> {
  const reading = readBriefPath(raw);
  if (reading.kind === 'refused') return { ...reading, expected: reading.expected.replace('the brief', 'the sandbox') };
  const inside = reading.value !== '.' && reading.value !== '..' && !reading.value.startsWith('../');
  return inside ? reading : refuse('a path inside the sandbox');
}

/**
 * Reads the path of data that runs are shown: relative to the sandbox, in it or elsewhere in its repository; or a place outside,
 * absolute or from the home, which runs read by that path.
 */
export function readLinkPath(raw: unknown): ReadResult<string> {
  if (typeof raw === 'string' && isOutside(raw)) return readOutsidePath(raw);
  const reading = readBriefPath(raw);
  if (reading.kind === 'refused') return { ...reading, expected: reading.expected.replace('the brief', 'the sandbox') };
  const isFolderAbove = /^(?:\.|\.\.(?:\/\.\.)*)$/.test(reading.value);
  return isFolderAbove ? refuse('a path of data, not a folder that holds the sandbox') : reading;
}

/** Whether a path under `link:` is a place outside the repository: runs are not shown it elsewhere, but may read it. */
export function isOutside(path: string): boolean {
  return /^(?:\/|~\/)/.test(path);
}

function readOutsidePath(raw: string): ReadResult<string> {
  if (/[*?]/.test(raw)) return refuse('a plain path', { hint: 'Name each file or folder: patterns are not expanded.' });
  if (/\p{Cc}/u.test(raw)) return refuse('a path without control characters');
  const path = normalise(raw);
  const whole = raw.startsWith('~') ? path : `/${path}`;
  return whole === '/.' || whole === '~' ? refuse('a path of data, not the whole machine or home') : read(whole);
}

/** Reads the path of a file inside the sandbox. */
export function readInnerFile(raw: unknown): ReadResult<string> {
  if (typeof raw === 'string' && raw.endsWith('/')) {
    return refuse('a file', { hint: 'Name each file that an experiment may change.' });
  }
  return readInnerPath(raw);
}

function normalise(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    const last = segments.at(-1);
    if (segment === '..' && last !== undefined && last !== '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return segments.join('/') || '.';
}
