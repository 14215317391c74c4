import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faults } from '../../bench/faults/fault.ts';
import { type Point, runStudy } from '../../bench/faults/study.ts';
import { packagePath } from '../../src/adapters/package-root.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';

const undisturbed = { verdicts: ['keep', 'keep', 'revert'], stop: 'experiments' };

test.runIf(process.platform === 'linux').each<[fault: string, point: Point]>([
  ['the clock is set forward by 3 h', 'a candidate trains'],
  ['the clock is set back by 3 h', 'a candidate trains'],
  ['all stands still for 30 s', 'the baseline trains'],
])(
  'when %s while %s, no candidate is blamed and no hour is lost or won',
  { timeout: 240_000 },
  async (fault, point) => {
    const folder = temporaryFolder();
    const made = await faults[fault]?.(folder);
    if (!made) throw new Error(fault);
    const end = await runStudy(folder, packagePath('.'), made, point);
    rmSync(folder, { recursive: true, force: true });
    expect(end).toMatchObject(undisturbed);
    expect(end.repeated).toBeGreaterThan(0);
    expect((end.hours * 3600) / end.seconds).toBeGreaterThan(0.5);
    expect((end.hours * 3600) / end.seconds).toBeLessThanOrEqual(1);
  },
);
