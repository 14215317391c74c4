import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../../../src/adapters/files/make-folder.ts';
import { csvTracker } from '../../../src/adapters/trackers/csv.ts';
import { tensorboardTracker } from '../../../src/adapters/trackers/tensorboard.ts';
import { SettingsError } from '../../../src/core/base/errors.ts';
import { trackedExperiments } from '../../../src/core/views/tracked-study.ts';
import { createJournal, scored } from '../../helpers/journal.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const experiments = trackedExperiments(createJournal().baseline(scored(2)).history());
const makers = {
  'a folder': makeFolder,
  'the folder of CSV': (folder: string) => csvTracker(folder).send(experiments, async () => {}),
  'the folder of TensorBoard': (folder: string) => tensorboardTracker(folder).send(experiments, async () => {}),
};

it.each(Object.entries(makers))('%s is made with those above it, and one that is there stays', async (_, make) => {
  const folder = join(temporaryFolder(), 'a', 'b');
  await make(folder);
  await make(folder);
  expect(statSync(folder).isDirectory()).toBe(true);
});

it.each(Object.entries(makers))(
  '%s that cannot be made is said in one sentence',
  { timeout: 5000 },
  async (_, make) => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, 'mine');
    for (const [place, why] of [
      [file, 'found a file in its place.'],
      [join(file, 'below'), 'found a file in its place.'],
      // Where Node's own recursive mkdir spins for ever.
      ...(existsSync('/proc/self') ? ([['/proc/nope', 'found: ENOENT']] as const) : []),
    ] as const) {
      const failed = await make(place).catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(SettingsError);
      expect((failed as SettingsError).message).toContain(`must be a folder that can be written, ${why}`);
      expect((failed as SettingsError).hint).toMatch(/^Name another folder/);
    }
  },
);

it('a table that cannot be written is said in one sentence', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'runs.csv'));
  const failed = await csvTracker(folder)
    .send(experiments, async () => {})
    .catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(SettingsError);
  expect((failed as SettingsError).message).toMatch(/runs\.csv cannot be written: a folder is in its place\.$/);
});
