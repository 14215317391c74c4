/**
 * Whether a study survives the death of its controller wherever it comes.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import buildProgram from '../tests/helpers/build-program.ts';
import { nocturneCommand } from '../tests/helpers/program.ts';
import { countFlag, defineBench } from './bench.ts';
import { kindOfCall } from './kills/kind-of-call.ts';
import { countsOf, isWrong, sweepKills } from './kills/sweep.ts';
import type { BenchReport } from './report.ts';

/** `npm run bench -- kills`. */
export const bench = defineBench('kills', {
  summary:
    'SIGKILL at every call of the controller that changes something [--from start|baseline] [--scorer yes|no] [--slots N] [--isolation caged|none] [--every N|kind] [--only TEXT] [--workers N] [--beside CLONE]',
  flags: {
    from: z.enum(['start', 'baseline']).default('baseline'),
    scorer: z.enum(['yes', 'no']).default('no'),
    slots: countFlag(1),
    isolation: z.enum(['caged', 'none']).default('none'),
    every: z.literal('kind').or(countFlag(1)).default(1),
    only: z.string().default(''),
    workers: countFlag(2),
    beside: z.string().optional(),
  },
  measure,
});

interface KillsFlags {
  /** Where the sweep begins. */
  readonly from: 'start' | 'baseline';
  readonly scorer: 'yes' | 'no';
  /** Runs at once. */
  readonly slots: number;
  readonly isolation: 'caged' | 'none';
  /** Each how many-th point, or the first of each kind of call. */
  readonly every: number | 'kind';
  /** Only calls that contain this text. */
  readonly only: string;
  readonly workers: number;
  /** Folder with a built clone of another commit, whose program is killed in place of this one. */
  readonly beside?: string | undefined;
}

async function measure(flags: KillsFlags): Promise<BenchReport> {
  const { from, scorer, slots, isolation, every, only, workers, beside } = flags;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nocturne-kills-')));
  if (beside === undefined) await buildProgram();
  const command = beside === undefined ? nocturneCommand : nocturneOf(resolve(beside));
  const isDue = every === 'kind' ? firstOfEachKind() : (point: number) => point % every === 0;
  try {
    const sweep = await sweepKills({
      folder,
      command,
      isWanted: (point, call) => isDue(point, call) && call.includes(only),
      isByKind: every === 'kind',
      workers,
      fromStart: from === 'start',
      shape: { hasScorer: scorer === 'yes', slots, isCaged: isolation === 'caged' },
      tell: ({ point, call, isSame, litter }, points) => {
        const what = [isSame ? '' : 'DIFFERS', ...litter].filter(Boolean).join(' ');
        process.stderr.write(`${point}/${points} ${call} ${what}\n`);
      },
    });
    const counts = countsOf(sweep);
    const bad = sweep.rows.filter(isWrong);
    const table = [
      ...Object.entries(counts).map(([name, value]) => `${name.padEnd(14)} ${value}`),
      ...bad.map((row) => JSON.stringify(row)),
    ];
    return { figures: { ...counts, bad }, table };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Asked about calls in their order, gives whether there was none of the kind before. */
function firstOfEachKind() {
  const known = new Set<string>();
  return (_: number, call: string) => {
    const kind = kindOfCall(call);
    return !known.has(kind) && known.add(kind) === known;
  };
}

/** The program as it was built in another clone. */
function nocturneOf(clone: string) {
  return [process.execPath, join(clone, 'dist', 'cli', 'main.js')] as const;
}
