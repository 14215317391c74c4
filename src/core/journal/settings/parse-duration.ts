/**
 * Durations as an owner writes them: `90s`, `5m`, `1h30m`, or a plain number of seconds.
 */
import { type ReadResult, read, refuse } from '../../base/read-result.ts';

/** Seconds of the longest duration: a timer of Node that is longer than 2^31 ms (24.8 days) fires at once. */
export const maxDurationSeconds = 24 * 86_400;

const expected = 'a duration such as 5m, 90s or 1h30m';
const amount = String.raw`\d+(?:\.\d+)?`;
const shape = new RegExp(String.raw`^(?:(${amount})h)?\s*(?:(${amount})m)?\s*(?:(${amount})s)?$`);
const plainNumber = new RegExp(`^${amount}$`);

/** Reads a duration into seconds; a number without a unit is seconds. */
export function readDuration(raw: unknown): ReadResult<number> {
  const seconds = typeof raw === 'number' ? raw : typeof raw === 'string' ? secondsIn(raw.trim()) : undefined;
  if (seconds === undefined || Number.isNaN(seconds)) return refuse(expected);
  if (seconds <= 0) return refuse('a duration above zero');
  if (seconds > maxDurationSeconds) return refuse(`a duration of at most ${maxDurationSeconds / 86_400} days`);
  return read(seconds);
}

/** `90` as `90s`, `600` as `10m`, as a brief writes it. */
export function writeDuration(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

function secondsIn(text: string): number | undefined {
  if (plainNumber.test(text)) return Number(text);
  const match = shape.exec(text);
  if (match === null || text === '') return undefined;
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
