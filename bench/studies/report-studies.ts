/**
 * Whole studies beside those of another commit, pair by pair.
 */
import { mean, standardDeviation } from '../../src/core/statistics/moments.ts';
import { signFlipP } from '../../src/core/statistics/sign-flip.ts';
import type { BenchReport } from '../report.ts';

/** What became of one study. */
export interface StudyLine {
  /** The program; `far` is this one with many more experiments. */
  readonly who: 'this' | 'beside' | 'far';
  readonly seed: number;
  readonly kept: number;
  /** True values of the incumbents: at the start, after the opening's experiments and at the end. */
  readonly start: number;
  readonly opened: number;
  readonly end: number;
}

/** Experiments after which gains become rare: the recipe's are over. */
export const opening = 15;

/** The far end of the way is the best incumbent of all studies. */
export function reportStudies(lines: readonly StudyLine[]): BenchReport {
  if (lines.length === 0)
    return { figures: { lines }, table: ['no study is done yet: --seeds N does N of each program'] };
  const far = Math.min(...lines.map(({ end }) => end));
  const rows = (['this', 'beside'] as const).flatMap((who) => {
    const own = lines.filter((line) => line.who === who);
    if (own.length === 0) return [];
    const [start, opened, end] = (['start', 'opened', 'end'] as const).map((name) =>
      mean(own.map((line) => line[name])),
    );
    const left = mean(own.map(({ opened: value }) => value - far));
    const gain = mean(own.map(laterGain));
    return [{ who, studies: own.length, start, opened, end, laterGain: gain, ofWhatWasLeft: gain / left }];
  });
  const pairs = lines.flatMap((line) => {
    const other = lines.find(({ who, seed }) => who === 'beside' && seed === line.seed);
    return line.who === 'this' && other ? [{ own: line, other }] : [];
  });
  const tests = {
    lower: pairedTest(pairs.map(({ own, other }) => other.end - own.end)),
    laterGain: pairedTest(pairs.map(({ own, other }) => laterGain(own) - laterGain(other))),
  };
  const table = [
    `the far end is ${far.toFixed(4)}, the best of all studies`,
    ['program', 'studies', 'start', `after ${opening}`, 'end', 'gain after', 'of what was left'].map(cellOf).join(''),
    ...rows.map((row) => Object.values(row).map(cellOf).join('')),
    `lower at the end by ${testText(tests.lower)}`,
    `more gained after experiment ${opening} by ${testText(tests.laterGain)}`,
  ];
  return { figures: { far, opening, rows, tests, lines }, table };
}

const laterGain = ({ opened, end }: StudyLine) => opened - end;

function pairedTest(differences: readonly number[]) {
  if (differences.length < 2) return { pairs: differences.length, difference: mean(differences), error: null, p: null };
  const error = standardDeviation(differences) / Math.sqrt(differences.length);
  return { pairs: differences.length, difference: mean(differences), error, p: signFlipP(differences) ?? null };
}

function testText({ pairs, difference, error, p }: ReturnType<typeof pairedTest>): string {
  const test = p === null ? 'too few pairs for a test' : `p = ${p.toFixed(4)} (sign-flip, two-sided)`;
  return `${difference.toFixed(4)} ± ${error?.toFixed(4) ?? '?'} in ${pairs} pairs, ${test}`;
}

function cellOf(value: string | number | undefined): string {
  return (typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(4) : String(value)).padStart(18);
}
