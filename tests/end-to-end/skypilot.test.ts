import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nocturne, project } from '../helpers/nocturne.ts';

/** A folder with the commands of this machine that a study needs, and no `sky`. */
function withoutSky(root: string): string {
  const folder = join(root, '..', 'bin-without-sky');
  mkdirSync(folder, { recursive: true });
  const places = (process.env.PATH ?? '').split(':');
  for (const name of ['git', 'node', 'python3', 'sh', 'bash', 'env']) {
    const found = places.map((place) => join(place, name)).find((path) => existsSync(path));
    if (found && !existsSync(join(folder, name))) symlinkSync(found, join(folder, name));
  }
  return folder;
}

const run = ['run', '--tag', 'away', '--engine', 'skypilot', '--max-experiments', '1', '--plain', '--yes'];

test('a study on a rented machine ends before it begins where there is no sky', async () => {
  const repo = project('quick');
  const said = await nocturne(repo.root, run, { PATH: withoutSky(repo.root) });
  expect(said.exitCode).toBe(2);
  expect(said.stderr).toContain('There is no `sky` on the PATH');
  expect(existsSync(join(repo.root, 'runs/away/journal.jsonl'))).toBe(false);
});

test('what may be rented still is not forgotten by stop, by remove or by a study on another engine', async () => {
  const repo = project('quick');
  const variables = { PATH: withoutSky(repo.root) };
  const local = ['run', '--tag', 'away', '--max-experiments', '1', '--plain'];
  expect(await nocturne(repo.root, local, variables)).toMatchObject({ exitCode: 0 });
  const note = join(repo.root, 'runs/away/rented-skypilot.json');
  writeFileSync(note, JSON.stringify({ name: 'nocturne-away-9bee16', since: '2026-11-29T17:00:00.000Z' }));

  const stopped = await nocturne(repo.root, ['stop', '--tag', 'away'], variables);
  expect(stopped.stderr).toContain(
    'The machine that SkyPilot rented may be there still: There is no `sky` on the PATH',
  );
  const removed = await nocturne(repo.root, ['remove', '--tag', 'away', '--yes'], variables);
  expect(removed.exitCode).not.toBe(0);
  expect(removed.stderr).toContain('nocturne-away-9bee16, rented for study away, may be there still');
  const again = await nocturne(repo.root, [...local.slice(0, -2), '2', '--plain'], variables);
  expect(again.stderr).toContain('may be there still');
  expect(existsSync(note)).toBe(true);
});

test('what a check that was killed may have rented is not forgotten by the next check', async () => {
  const repo = project('quick');
  const folder = join(repo.root, 'runs', '.check-0a1b2c3d');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'rented-skypilot.json'), JSON.stringify({ name: 'nocturne-check-9bee16', since: '' }));
  const said = await nocturne(repo.root, ['doctor', '--engine', 'skypilot'], { PATH: withoutSky(repo.root) });
  expect(said.exitCode).not.toBe(0);
  expect(said.stdout + said.stderr).toContain('nocturne-check-9bee16 may be rented still');
  expect(existsSync(join(folder, 'rented-skypilot.json'))).toBe(true);
});
