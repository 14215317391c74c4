/**
 * Whether the sweep of `kills` notices bugs of order: each is planted, and the program killed where it may show until it does.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { defineBench } from './bench.ts';
import { type OrderingBug, orderingBugs } from './kills/ordering-bugs.ts';
import { plantBug } from './kills/plant-bug.ts';
import { isWrong, type KillRow, sweepKills } from './kills/sweep.ts';
import type { BenchReport } from './report.ts';

/** `npm run bench -- kill-bugs`. */
export const bench = defineBench('kill-bugs', {
  summary: 'whether the sweep of `kills` notices each of the bugs of order that are planted [--only TEXT]',
  flags: { only: z.string().default('') },
  measure,
});

interface BugRow {
  readonly bug: string;
  /** Kills until it was noticed, or all that there were. */
  readonly kills: number;
  readonly isNoticed: boolean;
  /** Where, and what was wrong. */
  readonly at?: string;
  readonly what?: string;
}

async function measure({ only }: { readonly only: string }): Promise<BenchReport> {
  const rows: BugRow[] = [];
  for (const bug of orderingBugs.filter(({ name }) => name.includes(only))) {
    const row = await tryBug(bug);
    process.stderr.write(`${row.isNoticed ? 'noticed' : 'MISSED'} after ${row.kills} kills: ${row.bug}\n`);
    rows.push(row);
  }
  const noticed = rows.filter(({ isNoticed }) => isNoticed).length;
  const table = rows.map(
    (row) => `${row.isNoticed ? 'noticed' : 'MISSED '} ${row.bug} (${row.kills} kills; ${row.at})`,
  );
  return { figures: { bugs: rows.length, noticed, rows }, table: [...table, `${noticed} of ${rows.length} noticed`] };
}

async function tryBug(bug: OrderingBug): Promise<BugRow> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nocturne-kill-bugs-')));
  try {
    const command = await plantBug(bug, join(folder, 'program'));
    let noticed: KillRow | undefined;
    let kills = 0;
    await sweepKills({
      folder: join(folder, 'sweep'),
      command,
      isWanted: (_, call) => bug.at.test(call),
      until: (row) => {
        kills += 1;
        if (isWrong(row)) noticed ??= row;
        return noticed !== undefined;
      },
    });
    const { call, detail, litter } = noticed ?? {};
    return {
      bug: bug.name,
      kills,
      isNoticed: noticed !== undefined,
      ...(call !== undefined && { at: call, what: (detail ?? litter?.join(' ') ?? '').slice(0, 400) }),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
