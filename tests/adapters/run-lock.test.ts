import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { packagePath } from '../../src/adapters/package-root.ts';
import { findHolder, takeRunLock } from '../../src/adapters/run-lock.ts';
import { SettingsError } from '../../src/core/base/errors.ts';
import { spoilings } from '../helpers/spoil.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';

const now = () => '2024-11-23T22:00:00.000Z';
const take = (folder: string) => takeRunLock(folder, 'nov23', now);

interface Taker {
  readonly process: ChildProcess;
  readonly pid: number;
  /** What it said first. */
  readonly answer: string;
}

/** Other processes that take the lock at the same moment: once all of them are ready. */
async function startTakers(folder: string, count: number): Promise<Taker[]> {
  const ready = await Promise.all(Array.from({ length: count }, () => startTaker(folder)));
  for (const { child } of ready) child.stdin.write('go\n');
  return Promise.all(
    ready.map(async ({ child, says }) => ({ process: child, pid: child.pid ?? 0, answer: await says() })),
  );
}

async function startTaker(folder: string) {
  const child = spawn(process.execPath, [packagePath('tests', 'fixtures', 'lock-taker.mjs'), folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const says = async () => String((await lines.next()).value);
  expect(await says()).toBe('ready');
  return { child, says };
}

async function kill({ process: child }: Taker): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

it('of eight processes at once exactly one takes the lock, and the others name it', async () => {
  const folder = temporaryFolder();
  const takers = await startTakers(folder, 8);
  const winners = takers.filter(({ answer }) => answer === 'taken');
  expect(winners).toHaveLength(1);
  for (const taker of takers.filter(({ answer }) => answer !== 'taken')) {
    expect(taker.answer).toContain(`refused: Study nov23 is being worked on by process ${winners[0]?.pid} on`);
  }
  expect(readdirSync(folder)).toEqual(['lock']);
});

it('of eight processes at once exactly one takes over the lock of a dead holder', async () => {
  const folder = temporaryFolder();
  const [dead] = (await startTakers(folder, 1)) as [Taker];
  await kill(dead);
  expect(existsSync(join(folder, 'lock'))).toBe(true);
  const takers = await startTakers(folder, 8);
  expect(takers.filter(({ answer }) => answer === 'taken')).toHaveLength(1);
});

it('the lock of a killed process is taken over', async () => {
  const folder = temporaryFolder();
  const [taker] = (await startTakers(folder, 1)) as [Taker];
  expect(taker.answer).toBe('taken');
  await expect(take(folder)).rejects.toThrow(`process ${taker.pid}`);
  expect(await findHolder(folder)).toMatchObject({ pid: taker.pid, host: hostname() });
  await kill(taker);
  expect(await findHolder(folder)).toBeUndefined();
  const lock = await take(folder);
  expect(await findHolder(folder)).toMatchObject({ pid: process.pid });
  await lock.release();
});

it('the refusal names the holder, its machine and since when, and says what to do', async () => {
  const folder = temporaryFolder();
  const lock = await take(folder);
  const refusal = await take(folder).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(SettingsError);
  expect((refusal as SettingsError).message).toBe(
    `Study nov23 is being worked on by process ${process.pid} on ${hostname()}, since 2024-11-23T22:00:00.000Z.`,
  );
  expect((refusal as SettingsError).hint).toContain('nocturne stop --tag nov23');
  await lock.release();
});

it('a released lock is free, and releasing it again does no harm', async () => {
  const folder = temporaryFolder();
  const first = await take(folder);
  await first.release();
  await first.release();
  expect(existsSync(join(folder, 'lock'))).toBe(false);
  await (await take(folder)).release();
});

it('a lock that another process took meanwhile is not released', async () => {
  const folder = temporaryFolder();
  const lock = await take(folder);
  const holder = JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'));
  writeFileSync(join(folder, 'lock'), JSON.stringify({ ...holder, pid: 1 }));
  await lock.release();
  expect(existsSync(join(folder, 'lock'))).toBe(true);
});

it('a process that has the number of a dead holder is not taken for it', async () => {
  const folder = temporaryFolder();
  const holder = { pid: process.pid, startTime: '1', bootId: 'another boot', host: hostname(), since: now() };
  writeFileSync(join(folder, 'lock'), JSON.stringify(holder));
  const lock = await take(folder);
  await lock.release();
});

it('the lock of another machine is never broken, because nobody here can know', async () => {
  const folder = temporaryFolder();
  const holder = { pid: 1, startTime: '1', bootId: 'b', host: 'elsewhere', since: now() };
  writeFileSync(join(folder, 'lock'), JSON.stringify(holder));
  await expect(take(folder)).rejects.toThrow('process 1 on elsewhere');
});

it('a lock that is half written or empty is taken over', async () => {
  for (const text of ['', '{"pid":']) {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'lock'), text);
    await (await take(folder)).release();
  }
});

it.each(spoilings.filter(([name]) => name !== 'a folder'))(
  'a lock that %s has replaced is taken over, and counts as free until then',
  { timeout: 20_000 },
  async (_, spoil) => {
    const folder = temporaryFolder();
    await take(folder);
    spoil(join(folder, 'lock'));
    expect(await findHolder(folder)).toBeUndefined();
    const lock = await take(folder);
    expect(await findHolder(folder)).toMatchObject({ pid: process.pid });
    await lock.release();
    expect(readdirSync(folder)).toEqual([]);
  },
);

it.each(['lock', 'lock.breaking'])('a folder in place of the %s is one sentence that names it', async (name) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'lock'), '');
  const path = join(folder, name);
  rmSync(path, { force: true });
  mkdirSync(path);
  const refusal: unknown = await take(folder).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(SettingsError);
  expect((refusal as SettingsError).message).toContain(path);
  expect((refusal as SettingsError).message).not.toContain('\n');
  expect((refusal as SettingsError).hint).toContain('Move it');
  expect(await findHolder(folder)).toBeUndefined();
});

it('what a breaker that was killed left behind does not lock anybody out', async () => {
  const folder = temporaryFolder();
  const dead = JSON.stringify({ pid: 2 ** 22 + 1, startTime: '1', bootId: 'b', host: hostname(), since: now() });
  writeFileSync(join(folder, 'lock'), dead);
  writeFileSync(join(folder, 'lock.breaking'), dead);
  await (await take(folder)).release();
  expect(readdirSync(folder)).toEqual([]);
});
