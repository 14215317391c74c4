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
  summary: 'studies whose clock is set, or whose machine stands still for 30 s [--checkout PATH]',
  flags: { checkout: z.string().default(packagePath('.')) },
  measure,
});

interface Row {
  readonly fault: string;
  readonly point: string;
  readonly end: StudyEnd;
  readonly isAsUndisturbed: boolean;
}

async function measure({ checkout }: { checkout: string }): Promise<BenchReport> {
  const usual = await disturbed(resolve(checkout), 'nothing', 'a verdict was given');
  const rows: Row[] = [];
  for (const fault of Object.keys(faults).slice(1)) {
    for (const point of points) {
      const end = await disturbed(resolve(checkout), fault, point);
      rows.push({ fault, point, end, isAsUndisturbed: isSame(end, usual) });
    }
  }
  const table = rows.map(
    ({ fault, point, end, isAsUndisturbed }) =>
      `${isAsUndisturbed ? 'as undisturbed' : 'BLAMED'} | ${fault} | ${point} | ${end.verdicts.join(', ')} | ${end.stop} | ${end.hours.toFixed(3)} h of ${(end.seconds / 3600).toFixed(3)} | ${end.repeated} repeated`,
  );
  return { figures: { usual, rows }, table: [`undisturbed: ${usual.verdicts.join(', ')} | ${usual.stop}`, ...table] };
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
