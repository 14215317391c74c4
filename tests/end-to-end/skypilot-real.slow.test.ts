/** The real `sky` with its API server and its machines' own queue, and a stand-in for the cloud. Skipped without NOCTURNE_TEST_SKY. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { entriesOf, journalOf, nocturne, project, startNocturne } from '../helpers/nocturne.ts';
import { openSkyCloud, skyVenv } from '../helpers/sky-cloud.ts';

const minutes = 60_000;
const limit = 30 * minutes;

/** A project whose runs last some seconds on a rented machine. */
function rentingProject(seconds: number) {
  const repo = project('quick');
  const brief = join(repo.root, 'program.md');
  const more = 'engine: skypilot\nskypilot: { infra: lambda, gpus: A10 }\nenv: [NOCTURNE_TEST_SECONDS]\ntimeout: 300s';
  writeFileSync(
    brief,
    readFileSync(brief, 'utf8')
      .replace('timeout: 5m', more)
      .replace('budget: 1s', `budget: ${seconds + 10}s`),
  );
  repo.commit('rent');
  const note = join(repo.root, 'runs', 'away', 'rented-skypilot.json');
  return { root: repo.root, variables: { NOCTURNE_TEST_SECONDS: String(seconds) }, hasNote: () => existsSync(note) };
}

const waiting = { timeout: 15 * minutes, interval: 200 };
/** Its log comes here while it runs there. */
const isInFlight = (root: string, one: string) => existsSync(join(root, 'runs', 'away', one, 'train.log'));
const inFlight = (root: string, one: string) => vi.waitUntil(() => isInFlight(root, one), waiting);

const run = ['run', '--tag', 'away', '--plain', '--python', 'python3', '--max-experiments'];

describe.skipIf(skyVenv === undefined)('a study on a machine that sky rents', () => {
  test("asks before it rents, and waits while the cloud refuses; a killed controller's run is taken up, a vanished machine replaced, and Ctrl-C leaves nothing", {
    timeout: limit,
  }, async () => {
    const cloud = await openSkyCloud(skyVenv ?? '');
    const { root, variables, hasNote } = rentingProject(40);
    const env = { ...cloud.variables, ...variables };
    const unasked = await nocturne(root, [...run, '2'], env, limit);
    expect(unasked).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Price: $0.75 an hour') });
    expect((await cloud.control()).launches).toBe(0);

    await cloud.control({ refuse: 'Quota exceeded: you may hold 0 of gpu_1x_a10.' });
    const first = startNocturne(root, [...run, '2', '--yes'], env, limit);
    await first.until('Quota exceeded: you may hold 0 of gpu_1x_a10');
    await cloud.control({ refuse: null });
    await inFlight(root, '0000/run-1');
    first.kill('SIGKILL');
    await first.end;
    const { launches } = await cloud.control();

    const second = startNocturne(root, [...run, '2'], env, limit);
    await second.until('goes on');
    await second.until('baseline, run 1');
    await vi.waitUntil(() => ['0000/run-2', '0001/run-1'].some((one) => isInFlight(root, one)), waiting);
    expect(await cloud.control()).toMatchObject({ launches, terminations: [] });
    await cloud.control({ vanish: true });
    await second.until('is gone, as its cloud says');
    await cloud.until((seen) => seen.launches > launches && seen.machines.length === 1);
    second.kill('SIGINT');
    expect(await second.end).toMatchObject({ exitCode: 130 });

    const ended = entriesOf(journalOf(root, 'away'), 'run-ended');
    expect(ended[0]).toMatchObject({ experiment: 0, run: 1, result: { outcome: 'finished' } });
    expect(ended.map(({ result }) => result.outcome)).toContain('lost');
    expect(await cloud.control()).toMatchObject({ machines: [] });
    expect(hasNote()).toBe(false);
  });

  test('leaves nothing when it is killed during the launch and `nocturne stop` follows', {
    timeout: limit,
  }, async () => {
    const cloud = await openSkyCloud(skyVenv ?? '');
    const { root, variables, hasNote } = rentingProject(5);
    const env = { ...cloud.variables, ...variables };
    const running = startNocturne(root, [...run, '1', '--yes'], env, limit);
    await cloud.until(({ machines }) => machines.length === 1);
    running.kill('SIGKILL');
    await running.end;
    expect(hasNote()).toBe(true);
    const stopped = await nocturne(root, ['stop', '--tag', 'away'], env, limit);
    expect(stopped).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('Given back: nocturne-away-') });
    expect(await cloud.control()).toMatchObject({ machines: [] });
    expect(hasNote()).toBe(false);
  });
});
