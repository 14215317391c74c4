import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createLocalEngine } from '../../../src/adapters/engines/local.ts';
import { isFullDisk } from '../../../src/core/base/full-disk.ts';
import type { Job } from '../../../src/ports/engine.ts';
import { mountSmallDisk } from '../../helpers/small-disk.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';
import { until } from '../../helpers/until.ts';

const disk = mountSmallDisk(8);
afterAll(() => disk?.unmount());

/** Prints, once it may, more than a page of lines and then its score. */
const script = `
import os, sys, time
while not os.path.exists(sys.argv[1]):
    time.sleep(0.01)
for step in range(400):
    print("step={} loss=0.5".format(step), flush=True)
print("---\\nscore: 0.25", flush=True)
open(sys.argv[1] + ".done", "w").close()
`;

async function jobOn(folder: string, name: string): Promise<{ job: Job; go: string }> {
  const go = join(temporaryFolder(), 'go');
  const job: Job = {
    id: name,
    folder: join(folder, name),
    stages: [
      {
        name: 'train',
        argv: ['python3', '-S', '-c', script, go],
        folder: '/tmp',
        env: { PATH: process.env.PATH ?? '' },
      },
    ],
    limitSeconds: 60,
  };
  await mkdir(job.folder);
  return { job, go };
}

it.skipIf(!disk)('what a run prints on a full disk, and how it ended, wait for room and come whole', async () => {
  const engine = createLocalEngine({ python: 'python3' });
  const { job, go } = await jobOn(disk?.folder ?? '', 'prints');
  await engine.submit(job);
  disk?.fill(0);
  await writeFile(go, '');
  await until(() => existsSync(`${go}.done`));
  expect(await engine.poll(job, 1)).toMatchObject({ kind: 'running' });
  disk?.empty();
  expect(await engine.poll(job, 30)).toMatchObject({
    kind: 'ended',
    end: { ending: 'exited', stages: [{ exitCode: 0 }] },
  });
  const lines = (await engine.readLogEnd(job, 'train', 1 << 20)).trimEnd().split('\n');
  expect(lines.filter((line) => line.startsWith('step='))).toHaveLength(400);
  expect(lines.at(-1)).toBe('score: 0.25');
});

it.skipIf(!disk)('a run that waits for room can be cancelled', async () => {
  const engine = createLocalEngine({ python: 'python3' });
  const { job, go } = await jobOn(disk?.folder ?? '', 'cancelled');
  await engine.submit(job);
  disk?.fill(0);
  await writeFile(go, '');
  await until(() => existsSync(`${go}.done`));
  await engine.cancel(job);
  expect((await engine.poll(job, 5)).kind).not.toBe('running');
  disk?.empty();
});

it.skipIf(!disk)(
  'a supervisor that cannot start on a full disk is told as a full disk, and starts when there is room',
  async () => {
    const engine = createLocalEngine({ python: 'python3' });
    const { job, go } = await jobOn(disk?.folder ?? '', 'starts');
    await writeFile(go, '');
    disk?.fill(0);
    const failure: unknown = await engine.submit(job).catch((error: unknown) => error);
    expect(isFullDisk(failure), String(failure)).toBe(true);
    disk?.empty();
    await engine.submit(job);
    expect(await engine.poll(job, 30)).toMatchObject({ kind: 'ended', end: { ending: 'exited' } });
  },
);
