/**
 * Figures as people read them; the journal keeps full precision.
 */

const notes = [
  { mark: /±/, note: '± is half a 95 % interval.' },
  {
    mark: /\bestimated (better|worse|[+-])/,
    note: 'Estimated is what all runs so far make likely; other gains are measured.',
  },
];

/** What `±` and `estimated` mean, for a text that prints them; each page that does says this once. */
export function notesFor(text: string): string[] {
  return notes.filter(({ mark }) => mark.test(text)).map(({ note }) => note);
}

/** The text, with the notes that it needs as its last lines. */
export function withNotes(text: string): string {
  return [text, ...notesFor(text)].join('\n');
}

/** A number of no known error, such as a training loss, with five significant digits and no more than six decimals. */
export function formatMetric(value: number): string {
  if (value === 0 || (Math.abs(value) >= 0.001 && Math.abs(value) < 100_000)) return trimDigits(value);
  return value.toExponential(3);
}

/** Decimals that show an error, above zero, with two significant digits: 3 for 0.0127, 0 for 12, -2 for 1234. */
export function decimalsFor(error: number): number {
  return 1 - Math.floor(Math.log10(error));
}

/**
 * A number with this many decimals, such as those that its error allows. Below zero they only shorten numbers of more
 * than nine digits; such numbers, and more than nine decimals, are printed with an exponent.
 */
export function formatAt(value: number, decimals: number): string {
  const size = Math.abs(value);
  if (size > 0 && (decimals > 9 || size >= 1e9)) {
    const digits = Math.floor(Math.log10(size)) + decimals;
    return digits < 0 ? '0' : value.toExponential(Math.min(20, digits));
  }
  const text = value.toFixed(Math.max(0, decimals));
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/** The same with its sign, for gains: `+0.034`, `-0.002`, `0.000`. */
export function formatSigned(value: number, decimals: number): string {
  const text = formatAt(value, decimals);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/**
 * `better by 0.034`, `worse by 0.002`, `neither better nor worse`; with its error, half a 95 % interval, after `±`
 * where the digits show any.
 */
export function gainPhrase(gain: number, decimals: number, error?: number | null): string {
  const spread = formatAt(error ?? 0, decimals);
  const size =
    gain === 0
      ? 'neither better nor worse'
      : `${gain > 0 ? 'better' : 'worse'} by ${formatAt(Math.abs(gain), decimals)}`;
  return Number(spread) === 0 ? size : `${size} ± ${spread}`;
}

/** A number and its error, half a 95 % interval, with two digits of it; where that is 0, the number alone. */
export function formatWithError(value: number, error: number): string {
  if (error === 0) return formatMetric(value);
  const decimals = decimalsFor(error);
  return `${formatAt(value, decimals)} ± ${formatAt(error, decimals)}`;
}

/** A number with this many significant digits and no zeros at its end. */
export function formatRounded(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)));
}

/** US dollars, without the word: four decimals, since a call may cost less than a cent. */
export function formatUsd(usd: number): string {
  return usd.toFixed(4);
}

/** A share in percent, two significant digits: `1.2 %`, `34 %`, `240 %`. */
export function formatPercent(share: number): string {
  const percent = share * 100;
  return `${percent >= 10 ? percent.toFixed(0) : percent.toPrecision(2)} %`;
}

/** Hours with two decimals, without the word. */
export function formatHours(hours: number): string {
  return hours.toFixed(2);
}

/** Seconds as `8.2 s`, `4m 05s` or `7h 12m`. */
export function formatDuration(seconds: number): string {
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${pad(Math.floor(seconds % 60))}s`;
  return `${Math.floor(minutes / 60)}h ${pad(minutes % 60)}m`;
}

/** A probability in whole percent, but never 0 % or 100 %: no study can be that certain. */
export function formatProbability(probability: number): string {
  if (probability > 0.99) return 'over 99 %';
  return probability < 0.01 ? 'under 1 %' : `${Math.round(probability * 100)} %`;
}

/** The end of a sentence about a gain: how likely the gain is real; `but` below 50 %, where that speaks against it. */
export function chanceText(probability: number | null | undefined): string {
  if (probability === undefined || probability === null) return '';
  const text = `real with ${probability < 0.5 ? 'only ' : ''}${formatProbability(probability)} probability`;
  return probability < 0.5 ? `, but ${text}` : `, ${text}`;
}

/** A number and its noun: `1 run`, `2 runs`. */
export function countText(number: number, noun: string, nouns = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : nouns}`;
}

/** `a`, `a or b`, `a, b or c`; with another word in place of the `or`. */
export function alternativesText(names: readonly string[], word = 'or'): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
}

/** Such as `0 bytes`, `12 KB` or `3.4 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['KB', 'MB', 'GB', 'TB'];
  if (bytes < 1000) return countText(bytes, 'byte');
  let [value, unit] = [bytes / 1000, 0];
  for (; value >= 999.5 && unit < units.length - 1; unit++) value /= 1000;
  return `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} ${units[unit]}`;
}

/** The number of an experiment as it names refs and folders: 7 -> `0007`. */
export function formatExperiment(experiment: number): string {
  return String(experiment).padStart(4, '0');
}

function trimDigits(value: number): string {
  const decimals = Math.max(0, Math.min(6, 4 - Math.floor(Math.log10(Math.max(Math.abs(value), 1)))));
  return value.toFixed(decimals);
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** The text with a full stop, so that another sentence can follow. */
export function withFullStop(text: string): string {
  return /[.!?…]\s*$/.test(text) ? text.trimEnd() : `${text}.`;
}
