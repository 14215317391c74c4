/** A disk that another program fills while a study runs: the study waits, blames no candidate and goes on when there is room. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createGate, type Gate } from '../helpers/gate.ts';
import { entriesOf, journalOf, nocturne, projectFixture, startNocturne } from '../helpers/nocturne.ts';
import { mountSmallDisk } from '../helpers/small-disk.ts';
import { openRepo } from '../helpers/temporary-repo.ts';

const disk = mountSmallDisk(48);
afterAll(() => disk?.unmount());

const baselineRuns = 3;
let count = 0;

/** A project on the disk, and a gate that holds its first experiment, so that its study cannot end before the disk is full. */
function laidOut(): { root: string; fill: (left: number) => void; empty: () => void; gate: Gate } {
  if (!disk) throw new Error('no disk');
  const root = join(disk.folder, `project-${count++}`);
  cpSync(projectFixture('quick'), root, { recursive: true });
  const repo = openRepo(root);
  repo.git('init', '--quiet', '--initial-branch=main');
  repo.commit('start');
  return { root, fill: disk.fill, empty: disk.empty, gate: createGate(baselineRuns) };
}

const run = ['run', '--tag', 'a', '--max-experiments', '3', '--json'];

async function expectWhole(root: string): Promise<void> {
  const journal = journalOf(root, 'a');
  expect(entriesOf(journal, 'verdict-given').filter(({ verdict }) => verdict.decision !== 'rerun')).toHaveLength(4);
  expect(entriesOf(journal, 'run-ended').map(({ result }) => result.outcome)).not.toContain('crashed');
  expect(await nocturne(root, ['check', '--tag', 'a'])).toMatchObject({ exitCode: 0 });
}

test.skipIf(!disk).each([
  [0, 'verdict-given'],
  [65_536, 'run-started'],
])('with %s bytes left after a %s entry the study says once that it waits, and goes on', async (left, moment) => {
  const { root, fill, empty, gate } = laidOut();
  const running = startNocturne(root, run, gate.variables);
  await running.until('"event":"verdict-given"');
  let isFilled = false;
  running.onLine((line) => {
    if (isFilled || JSON.parse(line).event !== moment) return;
    isFilled = true;
    fill(left);
    gate.open();
  });
  gate.letThrough(baselineRuns + 1);
  await running.until('"event":"room-awaited"');
  const status = await nocturne(root, ['status']);
  expect(status.stdout).toMatch(/^waiting {3}no room is left on the disk \(.* free\); it goes on when there is$/m);
  empty();
  const said = await running.end;
  expect(said.exitCode, said.stderr).toBe(0);
  expect(said.stderr).not.toMatch(/fatal|ENOSPC|Errno/);
  expect((await nocturne(root, ['status'])).stdout).not.toContain('no room');
  await expectWhole(root);
});

test.skipIf(!disk)('Ctrl-C ends the wait, and the study goes on when it is run again', async () => {
  const { root, fill, empty, gate } = laidOut();
  const running = startNocturne(root, run, gate.variables);
  await running.until('"event":"verdict-given"');
  fill(0);
  gate.open();
  await running.until('"event":"room-awaited"');
  running.kill('SIGINT');
  const said = await running.end;
  // The last page of the journal may have room for the stop, or not.
  const stopped = said.exitCode === 130 ? '"event":"study-stopped"' : 'so the study stopped without journalling it.';
  expect(said.stdout + said.stderr).toContain(stopped);
  expect([1, 130]).toContain(said.exitCode);
  expect(said.stderr).not.toMatch(/fatal:|ENOSPC| {4}at /);
  empty();
  expect(await nocturne(root, run)).toMatchObject({ exitCode: 0 });
  await expectWhole(root);
});
