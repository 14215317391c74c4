/**
 * When a limit ends, read from the words in which a coding agent or its provider says so.
 *
 * Read are a time stamp (`resetsAt: 1777936568`), a length of time (`try again in 2 hours 5 minutes`, `reset after
 * 2h52m39s`) and a time of day, with or without a date, a weekday and a zone (`resets 3am (Europe/Berlin)`).
 */

/** Seconds until the limit ends, at least 0; undefined when the words do not say. Times without a zone are `zone`'s. */
export function secondsToReset(words: string, now: Date, zone: string = localZone()): number | undefined {
  const at = stampIn(words);
  if (at !== undefined) return until(at, now);
  return lengthIn(words) ?? momentIn(words, now, zone);
}

/** `resets_in_seconds` is a length, `resets_at` and `|1754578800` are Unix times in seconds or milliseconds. */
function stampIn(words: string): number | undefined {
  const [, digits] = /(?:resets?_?at"?\s*[:=]\s*"?|limit reached\|)(\d{10}|\d{13})\b/i.exec(words) ?? [];
  if (digits !== undefined) return Number(digits) * (digits.length === 10 ? 1000 : 1);
  const [, iso] =
    /(?:resets?|again|retry)[^.\n]{0,20}?(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d))/i.exec(
      words,
    ) ?? [];
  return iso === undefined ? undefined : Date.parse(iso);
}

const unitSeconds: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 };
const part = String.raw`\d+(?:\.\d+)?\s*(?:days?|hours?|hrs?|minutes?|mins?|seconds?|secs?|[dhms])(?![a-z])`;
const lengthAfter = new RegExp(
  String.raw`(?:again|retry|retrying|resets?|available|wait)(?: again)? (?:in|after|for)?\s*(?:about )?((?:${part}[,\s]*(?:and\s*)?)+)`,
  'i',
);

function lengthIn(words: string): number | undefined {
  const [, seconds] =
    /(?:resets?_in_seconds|retry[-_]after(?:_seconds)?|retry_?delay)"?\s*[:=]\s*"?(\d+(?:\.\d+)?)s?\b/i.exec(words) ??
    [];
  if (seconds !== undefined) return Number(seconds);
  const [, length] = lengthAfter.exec(words) ?? [];
  if (length === undefined) return undefined;
  const parts = [...length.matchAll(/(\d+(?:\.\d+)?)\s*([dhms])/gi)];
  return parts.reduce(
    (sum, [, count = '0', unit = 's']) => sum + Number(count) * (unitSeconds[unit.toLowerCase()] ?? 1),
    0,
  );
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const time = String.raw`(?<hour>\d{1,2})(?::(?<minute>\d\d))?(?::\d\d)?\s*(?<half>[ap]\.?m\b\.?)?`;
const date = String.raw`(?<month>${months.join('|')})[a-z]*\.? (?<day>\d{1,2})(?:st|nd|rd|th)?,?(?: (?<year>\d{4}),?)?`;
const weekday = `(?<weekday>${weekdays.join('|')})[a-z]*,?`;
const zoneName = String.raw`(?:\s*\(?(?<zone>[A-Z][A-Za-z_]+(?:\/[A-Za-z_+-]+)+|(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d\d)?)?)\)?)?`;
const moment = new RegExp(
  String.raw`(?:resets?|again|until)(?:s? (?:at|on))?:? (?:(?:${date}|${weekday})\s*(?:at )?)?${time}${zoneName}`,
  'i',
);

interface Parts {
  readonly [name: string]: string | undefined;
}

function momentIn(words: string, now: Date, localName: string): number | undefined {
  const said: Parts | undefined = moment.exec(words)?.groups;
  if (said === undefined || (said.half === undefined && said.minute === undefined)) return undefined;
  const hour = (Number(said.hour) % (said.half === undefined ? 24 : 12)) + (/^p/i.test(said.half ?? '') ? 12 : 0);
  const offset = offsetOf(said.zone ?? localName) ?? offsetOf(localName);
  if (offset === undefined) return undefined;
  const wall = new Date(now.getTime() + offset(now));
  const day = dayOf(said, wall);
  const guess = Date.UTC(day.year, day.month, day.date, hour, Number(said.minute ?? 0));
  const at = (local: number) => local - offset(new Date(local - offset(now)));
  const [first, second] = [at(guess), at(guess + 86_400_000)];
  if (said.month !== undefined) return until(first, now);
  if (said.weekday !== undefined && first <= now.getTime()) return until(at(guess + 7 * 86_400_000), now);
  return until(first <= now.getTime() ? second : first, now);
}

/** The day in the zone's own calendar: the one that is named, the next such weekday, or today. */
function dayOf({ month, day, year, weekday: name }: Parts, wall: Date) {
  const today = { year: wall.getUTCFullYear(), month: wall.getUTCMonth(), date: wall.getUTCDate() };
  if (name !== undefined) {
    const ahead = (weekdays.indexOf(name.toLowerCase()) - wall.getUTCDay() + 7) % 7;
    return { ...today, date: today.date + ahead };
  }
  if (month === undefined) return today;
  const index = months.indexOf(month.toLowerCase());
  // Without a year, a month long past is the next year's.
  const turns = year === undefined && index < today.month - 6 ? 1 : 0;
  return { year: Number(year ?? today.year) + turns, month: index, date: Number(day) };
}

/** Milliseconds that a zone is ahead of UTC at an instant; undefined for a zone that is not known. */
function offsetOf(zone: string): ((at: Date) => number) | undefined {
  const [, sign, hours, minutes] = /^(?:UTC|GMT)(?:([+-])(\d{1,2})(?::?(\d\d))?)?$/i.exec(zone) ?? [];
  if (sign !== undefined || /^(UTC|GMT)$/i.test(zone)) {
    const ahead = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000 * (sign === '-' ? -1 : 1);
    return () => ahead;
  }
  if (!isZone(zone)) return undefined;
  const wall = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  return (at) => {
    const parts = Object.fromEntries(wall.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at.getTime() / 1000) * 1000;
  };
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

function until(at: number, now: Date): number | undefined {
  return Number.isNaN(at) ? undefined : Math.max(0, Math.round((at - now.getTime()) / 1000));
}

function localZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
