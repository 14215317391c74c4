import { expect, test } from 'vitest';
import { type Fault, faults, standingStill } from '../../bench/faults/fault.ts';
import { runStudy } from '../../bench/faults/study.ts';
import { packagePath } from '../../src/adapters/package-root.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';

type Make = (folder: string) => Promise<Fault>;
const setBack: Make = async (folder) => {
  const fault = await faults['the clock is set back by 3 h']?.(folder);
  if (!fault) throw new Error('there is such a fault');
  return fault;
};

test.runIf(process.platform === 'linux').each<[what: string, make: Make]>([
  ['a clock that is set back by three hours', setBack],
  ['a machine that stands still', async () => standingStill(8)],
])('%s while a candidate trains blames nobody, and costs or gives no hour', { timeout: 240_000 }, async (_, make) => {
  const folder = temporaryFolder();
  const end = await runStudy(folder, packagePath('.'), await make(folder), 'a candidate trains');
  expect(end).toMatchObject({ verdicts: ['keep', 'keep', 'revert'], stop: 'experiments', repeated: 1 });
  expect((end.hours * 3600) / end.seconds).toBeGreaterThan(0.5);
  expect(end.hours * 3600).toBeLessThanOrEqual(end.seconds);
});
