/** The real `sky` with its API server and its machines' own queue, and a stand-in for the cloud. Skipped without NOCTURNE_TEST_SKY. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { entriesOf, journalOf, nocturne, project, startNocturne } from '../helpers/nocturne.ts';
import { openSkyCloud, skyVenv } from '../helpers/sky-cloud.ts';

const minutes = 60_000;
const limit = 20 * minutes;

/** A project whose runs last some seconds on a rented machine. */
function rentingProject(seconds: number) {
  const repo = project('quick');
  const brief = join(repo.root, 'program.md');
  const more = 'engine: skypilot\nskypilot: { infra: lambda, gpus: A10 }\nenv: [NOCTURNE_TEST_SECONDS]\ntimeout: 100s';
  writeFileSync(brief, readFileSync(brief, 'utf8').replace('timeout: 20s', more));
  repo.commit('rent');
  const note = join(repo.root, 'runs', 'away', 'rented-skypilot.json');
  return { root: repo.root, variables: { NOCTURNE_TEST_SECONDS: String(seconds) }, hasNote: () => existsSync(note) };
}

const run = ['run', '--tag', 'away', '--plain', '--python', 'python3', '--max-experiments'];

describe.skipIf(skyVenv === undefined)('a study on a machine that sky rents', () => {
  test('asks before it rents, waits while it is refused for quota, goes on after the machine vanished, and leaves nothing', {
    timeout: limit,
  }, async () => {
    const cloud = await openSkyCloud(skyVenv ?? '');
    const { root, variables, hasNote } = rentingProject(5);
    const env = { ...cloud.variables, ...variables };
    const unasked = await nocturne(root, [...run, '1'], env, limit);
    expect(unasked).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Price: $0.75 an hour') });
    expect((await cloud.control()).launches).toBe(0);

    await cloud.control({ refuse: 'Quota exceeded: you may hold 0 of gpu_1x_a10.' });
    const running = startNocturne(root, [...run, '1', '--yes'], env, limit);
    await running.until('Quota exceeded: you may hold 0 of gpu_1x_a10');
    await cloud.control({ refuse: null });
    await running.until('experiment 0');
    await cloud.control({ vanish: true });
    const said = await running.end;
    expect(said.exitCode, said.stderr).toBe(0);
    const ended = entriesOf(journalOf(root, 'away'), 'run-ended').map(({ result }) => result);
    expect(ended.map(({ outcome }) => outcome)).toContain('lost');
    expect(ended.at(-1)?.outcome).toBe('finished');
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

  test('takes up the run that was in flight when it was killed, on the same machine, and gives that back after Ctrl-C', {
    timeout: limit,
  }, async () => {
    const cloud = await openSkyCloud(skyVenv ?? '');
    const { root, variables, hasNote } = rentingProject(60);
    const env = { ...cloud.variables, ...variables };
    const first = startNocturne(root, [...run, '1', '--yes'], env, limit);
    await first.until('experiment 0');
    first.kill('SIGKILL');
    await first.end;
    const second = startNocturne(root, [...run, '1'], env, limit);
    await second.until('goes on');
    await second.until('experiment 1');
    second.kill('SIGINT');
    expect(await second.end).toMatchObject({ exitCode: 130 });
    const journal = journalOf(root, 'away');
    const [baseline] = entriesOf(journal, 'run-ended');
    expect(baseline).toMatchObject({ experiment: 0, run: 1, result: { outcome: 'finished' } });
    expect(await cloud.control()).toMatchObject({ launches: 1, machines: [] });
    expect(hasNote()).toBe(false);
  });
});
