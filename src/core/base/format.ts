/**
 * Figures as people read them; the journal keeps full precision.
 */

/** A metric with about five significant digits, without a tail of zeros that says nothing. */
export function formatMetric(value: number): string {
  if (value === 0 || (Math.abs(value) >= 0.001 && Math.abs(value) < 100_000)) return trimDigits(value);
  return value.toExponential(3);
}

/** A difference of two metrics with about three significant digits: 0.000572, not 5.720e-4. */
export function formatDifference(value: number): string {
  const size = Math.abs(value);
  if (size >= 0.01 || size < 1e-6) return formatMetric(value);
  return value.toFixed(2 - Math.floor(Math.log10(size)));
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

/**
 * The end of a sentence about a gain: how likely the gain is real. Below 50 % the change was worth keeping on average:
 * the gain that it may be is large enough.
 */
export function chanceText(probability: number | null | undefined): string {
  if (probability === undefined || probability === null) return '';
  return `${probability < 0.5 ? ' on average, though' : ','} real with ${formatProbability(probability)} probability`;
}

/** A number and its noun: `1 run`, `2 runs`. */
export function countText(number: number, noun: string, nouns = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : nouns}`;
}

/** `a`, `a or b`, `a, b or c`. */
export function alternativesText(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
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
