import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openExportState } from '../../../src/cli/study-folder/export-state.ts';
import { type TrackedExperiment, trackedExperiments } from '../../../src/core/views/tracked-study.ts';
import { livedInJournal } from '../../helpers/lived-in-study.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const tracked = trackedExperiments(livedInJournal().history());
const [first, second, third] = [0, 1, 2].map((number) => tracked[number]) as [
  TrackedExperiment,
  TrackedExperiment,
  TrackedExperiment,
];

test('what was sent is known by its place, and as it was', async () => {
  const folder = temporaryFolder();
  const here = await openExportState(folder, 'mlflow', 'here');
  expect(here.isSent(first)).toBe(false);
  await here.remember(first);
  const [again, elsewhere] = [
    await openExportState(folder, 'mlflow', 'here'),
    await openExportState(folder, 'mlflow', 'there'),
  ];
  expect([again.isSent(first), again.isSent(second), elsewhere.isSent(first)]).toEqual([true, false, false]);
  expect(again.isSent({ ...first, title: 'Another' })).toBe(false);
});

test('half a line that a kill left costs that experiment alone', async () => {
  const folder = temporaryFolder();
  await (await openExportState(folder, 'csv', 'here')).remember(first);
  appendFileSync(join(folder, 'export-csv.jsonl'), '{"place":"here","key":"nov');
  const state = await openExportState(folder, 'csv', 'here');
  await state.remember(second);
  const last = await openExportState(folder, 'csv', 'here');
  expect([last.isSent(first), last.isSent(second), last.isSent(third)]).toEqual([true, true, false]);
});

test('a folder in the place of the file is said', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'export-csv.jsonl'));
  await expect((await openExportState(folder, 'csv', 'here')).remember(first)).rejects.toThrow('must be a file');
});
