/**
 * A study whose disk is filled by another program, with so many bytes left, until the study waits or ends; then there is room again.
 * `--program` names the main file of another build of this program. Needs the right to mount a file system.
 */
import { realpathSync } from 'node:fs';
import { z } from 'zod';
import { packagePath } from '../src/adapters/package-root.ts';
import { defineBench } from './bench.ts';
import { type FullStudy, runFull } from './full-disk/full-study.ts';
import type { BenchReport } from './report.ts';

/** Bytes that are left, from none to what an experiment needs. */
const levels = [0, 1, 4096, 16_384, 65_536, 131_072, 262_144, 524_288, 4_194_304];

/** The entries after which the disk is filled. */
const moments = ['verdict-given', 'proposal-made', 'run-started', 'run-ended'] as const;

/** `npm run bench -- full-disk`. */
export const bench = defineBench('full-disk', {
  summary: 'a study whose disk is full for a while, at nine levels [--program PATH] [--moment ENTRY] (as root)',
  flags: {
    program: z.string().default(packagePath('dist', 'cli', 'main.js')),
    moment: z.enum(moments, `must be one of ${moments.join(', ')}`).default('verdict-given'),
  },
  measure,
});

async function measure({ program, moment }: { program: string; moment: string }): Promise<BenchReport> {
  const rows: FullStudy[] = [];
  for (const level of levels) rows.push(await runFull(realpathSync(program), moment, level));
  const head = ['bytes left', 'went on', 'waits', 'commands', 'raw git', 'blamed', 'stopped with', 'check'];
  const line = (cells: readonly (string | number)[]) => cells.map((cell) => String(cell).padEnd(12)).join('');
  const table = rows.map(({ left, isGoingOn, waits, commands, isRaw, blamed, stoppedWith, disagreements }) =>
    line([
      left,
      isGoingOn ? 'yes' : 'no',
      waits,
      commands,
      isRaw ? 'yes' : 'no',
      blamed,
      stoppedWith.slice(0, 100) || '-',
      disagreements,
    ]),
  );
  return { figures: { moment, rows }, table: [`filled after ${moment}`, line(head), ...table] };
}
