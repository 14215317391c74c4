/**
 * What a disturbed machine does to a study: its clock is set by three hours, or all of it stands still for half a minute, at four
 * points each. A candidate is blamed when its verdict differs from that of the study that nothing disturbed. `--checkout` names
 * another checkout of this program, built.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { packagePath } from '../src/adapters/package-root.ts';
import { defineBench } from './bench.ts';
import { faults } from './faults/fault.ts';
import { type Point, points, runStudy, type StudyEnd } from './faults/study.ts';
import type { BenchReport } from './report.ts';

/** `npm run bench -- faults`. */
export const bench = defineBench('faults', {
  summary:
    'studies whose clock is set, or whose machine stands still for 30 s [--only TEXT, of "FAULT | POINT"] [--checkout PATH]',
  flags: { checkout: z.string().default(packagePath('.')), only: z.string().default('') },
  measure,
});

interface Row {
  readonly fault: string;
  readonly point: string;
  readonly end: StudyEnd;
  readonly isAsUndisturbed: boolean;
}

interface FaultsFlags {
  readonly checkout: string;
  /** Only faults at points whose line of the table contains this. */
  readonly only: string;
}

async function measure({ checkout, only }: FaultsFlags): Promise<BenchReport> {
  const usual = await disturbed(resolve(checkout), 'nothing', 'a verdict was given');
  const rows: Row[] = [];
  for (const fault of Object.keys(faults).slice(1)) {
    for (const point of points.filter((each) => `${fault} | ${each}`.includes(only))) {
      const end = await disturbed(resolve(checkout), fault, point);
      const row = { fault, point, end, isAsUndisturbed: isSame(end, usual) };
      process.stderr.write(`${lineOf(row)}\n`);
      rows.push(row);
    }
  }
  const table = [`undisturbed: ${usual.verdicts.join(', ')} | ${usual.stop}`, ...rows.map(lineOf)];
  return { figures: { usual, rows }, table };
}

function lineOf({ fault, point, end, isAsUndisturbed }: Row): string {
  const hours = `${end.hours.toFixed(3)} h of ${(end.seconds / 3600).toFixed(3)}`;
  const became = `${end.verdicts.join(', ')} | ${end.stop} | ${hours} | ${end.repeated} repeated`;
  return `${isAsUndisturbed ? 'as undisturbed' : 'DIFFERS'} | ${fault} | ${point} | ${became}`;
}

async function disturbed(checkout: string, fault: string, point: Point): Promise<StudyEnd> {
  const folder = mkdtempSync(join(tmpdir(), 'nocturne-faults-'));
  try {
    const made = await faults[fault]?.(folder);
    if (!made) throw new Error(fault);
    return await runStudy(folder, checkout, made, point);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of its wall time a study counts all but what the commands around it take. */
const leastShare = 0.5;

function isSame(end: StudyEnd, usual: StudyEnd): boolean {
  const share = (end.hours * 3600) / end.seconds;
  const isTimeRight = share > leastShare && share <= 1;
  return isTimeRight && end.stop === usual.stop && end.verdicts.join() === usual.verdicts.join();
}
