/**
 * Which way the metric of a ledger is better. Most ledgers do not say it, and a report is nonsense the wrong way round.
 */
import { SettingsError } from '../base/errors.ts';
import { formatMetric } from '../base/format.ts';
import type { Goal } from '../base/metric.ts';
import { quoted } from '../base/read-result.ts';
import { isUnnamed } from './asked-metric.ts';
import { goalOfName } from './column-names.ts';
import { addCourses, type Course, courseOf, goalOfCourse, type Step } from './course.ts';
import type { LedgerPart } from './ledger.ts';

/** A direction, and where it is from. */
export interface FoundGoal {
  readonly goal: Goal;
  readonly from: 'asked' | 'file' | 'name' | 'rows';
  /** What the owner should know of it; empty where there is nothing to say. */
  readonly note: string;
}

/**
 * The goal as asked, else as the file, the metric's name or the course of its decisions says it, in this order; a plain
 * course beats a name that people use both ways, and one of many decisions any name. Throws where none says it; `where` is
 * the ledger's name in errors. `parts` are all studies of the ledger on this metric.
 */
export function goalOfLedger(parts: readonly LedgerPart[], asked: Goal | undefined, where: string): FoundGoal {
  if (asked !== undefined) return { goal: asked, from: 'asked', note: '' };
  const metric = parts[0]?.metric ?? '';
  const said = parts.find(({ goal }) => goal !== undefined)?.goal;
  if (said !== undefined) return { goal: said, from: 'file', note: '' };
  const course = parts.map(({ rows }) => courseOf(rows.map(stepOf))).reduce(addCourses, courseOf([]));
  const named = goalOfName(metric);
  const shown = goalOfCourse(course);
  if (named && shown !== undefined && shown !== named.goal && (named.isWeak || isMany(course))) {
    return {
      goal: shown,
      from: 'rows',
      note: `${courseText(metric, course, shown)}, although its name means the opposite`,
    };
  }
  if (named && (!named.isWeak || shown === undefined || shown === named.goal)) {
    return { goal: named.goal, from: 'name', note: '' };
  }
  if (shown !== undefined) return { goal: shown, from: 'rows', note: courseText(metric, course, shown) };
  if (!parts.some(({ rows }) => rows.some(({ value }) => value !== null))) {
    return {
      goal: 'minimize',
      from: 'name',
      note: `No row has a score, so nothing tells which way ${quoted(metric)} is better`,
    };
  }
  throw new SettingsError(
    `${where}: nothing says which way ${quoted(metric)} is better: neither the file, nor the name, nor its kept rows${moveText(parts)}.`,
    {
      hint: `Say \`--goal minimize\` (lower is better) or \`--goal maximize\` (higher is better)${isUnnamed(metric) ? ', or what the scores are: `--metric val_bpb`, with their own name' : ''}.`,
    },
  );
}

function stepOf({ status, isBaseline, value }: LedgerPart['rows'][number]): Step {
  return { reading: isBaseline ? 'baseline' : status === 'other' ? 'measured' : status, value };
}

function isMany({ lower, higher }: Course): boolean {
  return lower + higher >= 5 && Math.max(lower, higher) / (lower + higher) >= 0.85;
}

function courseText(metric: string, { lower, higher }: Course, goal: Goal): string {
  const word = goal === 'minimize' ? 'lower' : 'higher';
  return `${quoted(metric)} is read as ${word} is better: ${Math.max(lower, higher)} of the ledger's ${lower + higher} decisions say so`;
}

function moveText(parts: readonly LedgerPart[]): string {
  const kept = parts.flatMap(({ rows }) =>
    rows.flatMap(({ status, value }) => (status === 'keep' && value !== null ? [value] : [])),
  );
  const [first, last] = [kept[0], kept.at(-1)];
  return first === undefined || last === undefined || kept.length < 2
    ? ''
    : `, which go from ${formatMetric(first)} to ${formatMetric(last)}`;
}
