/**
 * What becomes of every cheat of the list, and of the honest work in it: each is handed in to a real study.
 */
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { packagePath } from '../src/adapters/package-root.ts';
import { allCheats } from '../tests/cheats/all.ts';
import type { Cheat, Isolation, Sandbox } from '../tests/cheats/cheat.ts';
import { judgeCheats, prepareTemplate, type Row, type StudyOptions } from '../tests/cheats/study.ts';
import { isAsExpected, surprisesIn } from '../tests/cheats/surprises.ts';
import { interpreter } from '../tests/helpers/interpreter.ts';
import { defineBench } from './bench.ts';
import type { BenchReport } from './report.ts';

/** `npm run bench -- cheats`; the program is the one in `dist`. */
export const bench = defineBench('cheats', {
  summary:
    'what becomes of scripts that cheat [--isolation caged|none] [--sandbox NAME] [--only NAME,NAME] [--python PATH, with torch for gpt] [--beside CLONE]',
  flags: {
    isolation: z.enum(['caged', 'none']).default('caged'),
    sandbox: z.enum(['tiny', 'guarded', 'self', 'gpt']).optional(),
    only: z.string().optional(),
    python: z.string().default(interpreter),
    beside: z.string().optional(),
  },
  measure,
});

interface CheatsFlags {
  readonly isolation: Isolation;
  readonly sandbox?: Sandbox | undefined;
  readonly only?: string | undefined;
  readonly python: string;
  /** Folder with a built clone of another commit, whose program is tested in place of this one. */
  readonly beside?: string | undefined;
}

/** How many are handed in to one study. */
const inOneStudy = 10;

async function measure({ isolation, sandbox, only, python, beside }: CheatsFlags): Promise<BenchReport> {
  const names = only?.split(',');
  const isWanted = (cheat: Cheat) =>
    (sandbox === undefined || cheat.sandbox === sandbox) && (names === undefined || names.includes(cheat.name));
  const wanted = allCheats.filter(isWanted);
  const checkout = beside === undefined ? packagePath() : resolve(beside);
  const command = [process.execPath, join(checkout, 'dist', 'cli', 'main.js')] as const;
  const rows: Row[] = [];
  const surprises: string[] = [];
  for (const each of new Set(wanted.map((cheat) => cheat.sandbox))) {
    const options = { sandbox: each, isolation, python, command, sandboxes: join(checkout, 'sandbox') };
    const judged = await judgeAll(
      options,
      wanted.filter((cheat) => cheat.sandbox === each),
    );
    rows.push(...judged.rows);
    surprises.push(...judged.surprises);
  }
  return { figures: { ...countsOf(rows), rows, surprises }, table: [...rows.map(lineOf), '', ...surprises] };
}

async function judgeAll(options: StudyOptions, cheats: readonly Cheat[]) {
  const template = await prepareTemplate(options);
  try {
    const rows: Row[] = [];
    const surprises: string[] = [];
    for (const group of groupsOf(cheats)) {
      const judged = await judgeCheats(template, group, (some) => some.map(lineOf).forEach(say));
      const found = surprisesIn(judged, group);
      for (const each of found) say(`!! ${each}`);
      rows.push(...judged.rows);
      surprises.push(...found);
    }
    return { rows, surprises };
  } finally {
    template.remove();
  }
}

/** A whole list takes an hour: what is known is said as it comes. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Groups of about one size; what is handed in after another cheat stays with it. */
function groupsOf(cheats: readonly Cheat[]): Cheat[][] {
  const groups: Cheat[][] = [];
  for (const cheat of cheats) {
    const last = groups.at(-1);
    if (last && (last.length < inOneStudy || cheat.after !== undefined)) last.push(cheat);
    else groups.push([cheat]);
  }
  return groups;
}

/** How many cheats were kept, by who vouches for their scores, and how many rows are as they must be. */
function countsOf(rows: readonly Row[]) {
  const cheatOf = (row: Row) => allCheats.find(({ name }) => name === row.name);
  const cheats = rows.filter((row) => cheatOf(row)?.isHonest !== true);
  const kept = cheats.filter(({ end }) => end === 'kept');
  const asExpected = rows.filter((row) => {
    const cheat = cheatOf(row);
    return cheat !== undefined && isAsExpected(row, cheat);
  });
  return {
    cheats: cheats.length,
    honest: rows.length - cheats.length,
    keptWithScorer: kept.filter(({ vouched }) => vouched !== 'self-reported').map(({ name }) => name),
    keptSelfReported: kept.filter(({ vouched }) => vouched === 'self-reported').map(({ name }) => name),
    asExpected: asExpected.length,
  };
}

function lineOf({ name, tier, end, why, vouched = '' }: Row): string {
  return `${name.padEnd(28)}${tier.padEnd(15)}${end.padEnd(10)}${vouched.padEnd(15)}${why}`;
}
