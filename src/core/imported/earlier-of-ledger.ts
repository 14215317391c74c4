/**
 * What a study takes over from a ledger when it goes on from it.
 */
import type { Earlier, EarlierExperiment } from '../journal/earlier.ts';
import { cellNumber } from './cells.ts';
import { scoreTier } from './column-names.ts';
import { shortName } from './columns.ts';
import type { LedgerRow, SettledPart } from './ledger.ts';

/** More experiments than this are not taken over: all keeps are, and the latest of the others. */
const maxExperiments = 1000;
/** Settings of one experiment. */
const maxSettings = 40;

/** The experiments of a study of a ledger; `source` is the ledger as the owner named it. */
export function earlierOfLedger({ rows, metric, goal }: SettledPart, source: string): Earlier {
  const others = rows.filter(({ status }) => status !== 'keep');
  const keeps = rows.length - others.length;
  const dropped = new Set(others.slice(0, Math.max(0, others.length - Math.max(0, maxExperiments - keeps))));
  const experiments = rows.filter((row) => !dropped.has(row)).map(experimentOf);
  return { source: source.slice(0, 500), metric, goal, experiments: experiments.slice(-2 * maxExperiments) };
}

function experimentOf({ description, status, isBaseline, value, fields }: LedgerRow): EarlierExperiment {
  const settings = Object.entries(fields).flatMap(([name, text]) =>
    isSetting(name, text) ? [[name, text] as const] : [],
  );
  return {
    title: description,
    status,
    ...(isBaseline && { isBaseline }),
    value,
    ...(settings.length > 0 && { settings: Object.fromEntries(settings.slice(0, maxSettings)) }),
  };
}

/** A short value in a column that is no metric, commit or time. */
function isSetting(name: string, text: string): boolean {
  if (/^(?:params?|config|hyperparameters)[./]/i.test(name)) return text.length <= 60;
  if (/^(?:metrics?|summary|tags?)[./]/i.test(name) || text.length > 40) return false;
  if (/commit|hash|sha|time|date|_at$|(?:^|_)id$|memory|vram|_gb$|_mb$|seconds|duration|url|path/i.test(name))
    return false;
  const isValue = cellNumber(text) !== undefined || /^[\w.+-]{1,40}$/.test(text);
  return isValue && scoreTier(shortName(name)) !== 5;
}
