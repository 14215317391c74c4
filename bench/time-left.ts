/**
 * The estimate of a study's end against when studies really ended: each journal is replayed, and at four parts of it what was said
 * is divided by what was left.
 */
import { existsSync } from 'node:fs';
import { z } from 'zod';
import { readJournal } from '../src/adapters/archive/read-journal.ts';
import { SettingsError } from '../src/core/base/errors.ts';
import type { Entry } from '../src/core/journal/entry.ts';
import { quantile } from '../src/core/statistics/quantile.ts';
import { endedStudy, kinds } from '../tests/helpers/ended-studies.ts';
import { parts, replay, type Told } from '../tests/helpers/replay-time-left.ts';
import { countFlag, defineBench } from './bench.ts';
import { type BenchReport, round } from './report.ts';

/** `npm run bench -- time-left`. */
export const bench = defineBench('time-left', {
  summary: 'the estimate of the end against when studies ended [--studies N of each kind] [--journals A,B]',
  flags: { studies: countFlag(10), journals: z.string().optional() },
  measure,
});

interface Row {
  readonly kind: string;
  readonly what: string;
  readonly studies: number;
  /** For each part: the ratio of said to left, or null where no study said anything. */
  readonly ratios: readonly (Ratio | null)[];
}

interface Ratio {
  readonly median: number;
  readonly p10: number;
  readonly p90: number;
  /** Studies that said something. */
  readonly told: number;
}

async function measure({
  studies,
  journals,
}: {
  studies: number;
  journals?: string | undefined;
}): Promise<BenchReport> {
  const rows: Row[] = [];
  for (const [kind, { what }] of journals === undefined ? Object.entries(kinds) : []) {
    const told: (readonly Told[])[] = [];
    for (let seed = 1; seed <= studies; seed += 1) told.push(replay(await endedStudy(kind, seed)));
    rows.push(rowOf(kind, what, told));
  }
  for (const path of journals?.split(',') ?? []) rows.push(rowOf(path, '', [replay(entriesIn(path))]));
  const head = ['kind', ...parts.map((part) => `after ${part * 100} %`)];
  const lines = rows.map(({ kind, ratios }) => [kind, ...ratios.map(ratioText)]);
  const table = [head, ...lines].map((cells) =>
    cells
      .map((cell) => cell.padEnd(24))
      .join('')
      .trimEnd(),
  );
  return { figures: { studies, rows }, table };
}

function entriesIn(path: string): readonly Entry[] {
  if (!existsSync(path)) throw new SettingsError(`there is no journal ${path}`);
  return [...readJournal(path)];
}

function rowOf(kind: string, what: string, told: readonly (readonly Told[])[]): Row {
  return {
    kind,
    what,
    studies: told.length,
    ratios: parts.map((_, index) => ratioOf(told.flatMap((each) => each[index] ?? []))),
  };
}

function ratioOf(told: readonly Told[]): Ratio | null {
  const ratios = told.flatMap(({ said, left }) => (said === null ? [] : [said / left])).sort((a, b) => a - b);
  if (ratios.length === 0) return null;
  const at = (share: number) => round(quantile(ratios, share), 2);
  return { median: at(0.5), p10: at(0.1), p90: at(0.9), told: ratios.length };
}

function ratioText(ratio: Ratio | null): string {
  return ratio === null ? 'not known' : `${ratio.median} (${ratio.p10} to ${ratio.p90})`;
}
