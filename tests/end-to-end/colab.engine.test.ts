/** Whole studies on Colab: the real program and the real CLI against a stand-in for the service, and nothing left allocated. */
import { describe, expect, test } from 'vitest';
import { colabCommand, standIn, whyNoColab } from '../helpers/colab/stand-in.ts';
import { createGate } from '../helpers/gate.ts';
import { entriesOf, journalOf, nocturne, project, startNocturne } from '../helpers/nocturne.ts';
import { until } from '../helpers/until.ts';

const limit = 900_000;

describe.skipIf(whyNoColab !== undefined)(`a study on Colab ${whyNoColab ?? ''}`, { timeout: limit }, () => {
  /** A project whose trainings wait at a gate, from the number that is open on. */
  async function gated() {
    const service = await standIn();
    const requests = () => service.asked.filter((each) => each.startsWith('POST /tun/m/assign')).length;
    const repo = project('quick');
    const brief = repo
      .read('program.md')
      .replace('---\n', `---\nenv: [NOCTURNE_TEST_GATE]\ncolab: { program: ${colabCommand} }\n`);
    repo.write('program.md', brief);
    repo.commit('on Colab');
    const gate = createGate();
    const variables = { ...service.environment, ...gate.variables };
    const args = ['run', '--engine', 'colab', '--gpu', 't4', '--tag', 'night', '--plain'];
    const journal = () => journalOf(repo.root, 'night');
    return { service, requests, root: repo.root, gate, variables, args, journal };
  }

  test('goes on after its machine was taken away and the next was refused, and releases the last', async () => {
    const { service, requests, root, gate, variables, args, journal } = await gated();
    gate.letThrough(1);
    const run = startNocturne(root, [...args, '--max-experiments', '2', '--yes'], variables, limit);
    await gate.untilBegun(2, limit);
    service.refuse('usage-time');
    for (const machine of service.machines()) service.reclaim(machine);
    await run.until('usage time is over');
    gate.letThrough(99);
    service.refuse(undefined);
    const said = await run.end;
    expect(said.exitCode, said.stderr).toBe(0);
    expect(said.stdout + said.stderr).toContain(
      'a machine of Google Colab with a T4. Price: the account has 87.50 compute units',
    );
    const results = entriesOf(journal(), 'run-ended').map(({ result }) => result);
    expect(results.filter(({ outcome }) => outcome === 'lost')).toMatchObject([
      { byMachine: true, reason: expect.stringMatching(/took its machine/) },
    ]);
    expect(results.filter(({ outcome }) => outcome !== 'lost' && outcome !== 'finished')).toEqual([]);
    expect(entriesOf(journal(), 'verdict-given').at(-1)).toMatchObject({ experiment: 2 });
    expect(requests()).toBeGreaterThan(2);
    expect(service.machines()).toEqual([]);
  });

  test('is adopted after a kill -9, and what another kill -9 leaves is released by stop', async () => {
    const { service, requests, root, gate, variables, args, journal } = await gated();
    gate.letThrough(0);
    const first = startNocturne(root, [...args, '--max-experiments', '2', '--yes'], variables, limit);
    await gate.untilBegun(1, limit);
    first.kill('SIGKILL');
    await first.end;
    expect(service.machines()).toHaveLength(1);
    gate.letThrough(1);
    // What is held already is not asked about again.
    const second = startNocturne(root, [...args, '--max-experiments', '2'], variables, limit);
    await gate.untilBegun(2, limit);
    second.kill('SIGKILL');
    await second.end;
    expect(entriesOf(journal(), 'run-ended')).toMatchObject([
      { experiment: 0, run: 1, result: { outcome: 'finished' } },
    ]);
    expect(requests()).toBe(1);
    expect(service.machines()).toHaveLength(1);
    const stop = await nocturne(root, ['stop', '--tag', 'night'], variables, limit);
    expect([stop.exitCode, stop.stdout + stop.stderr]).toEqual([
      0,
      expect.stringContaining('Given back: the Colab machine nocturne-night-0 (T4)'),
    ]);
    expect(service.machines()).toEqual([]);
  });

  test('releases its machine when SIGTERM ends it in mid-run', async () => {
    const { service, root, gate, variables, args } = await gated();
    gate.letThrough(0);
    const run = startNocturne(root, [...args, '--yes'], variables, limit);
    await gate.untilBegun(1, limit);
    run.kill('SIGTERM');
    expect((await run.end).exitCode).toBe(130);
    expect(service.machines()).toEqual([]);
  });

  test('releases its machine also when a second Ctrl-C ends it at once', async () => {
    const { service, root, gate, variables, args } = await gated();
    gate.letThrough(0);
    const run = startNocturne(root, [...args, '--yes'], variables, limit);
    await gate.untilBegun(1, limit);
    run.kill('SIGINT');
    await run.until('Ctrl-C again stops at once');
    await new Promise((resolve) => setTimeout(resolve, 150));
    run.kill('SIGINT');
    expect((await run.end).exitCode).toBe(130);
    await until(() => service.machines().length === 0, limit);
  });

  test('rents nothing without a yes', async () => {
    const { requests, root, gate, variables, args } = await gated();
    gate.letThrough(0);
    const { exitCode, stderr } = await nocturne(root, args, variables, limit);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining('was not rented: there was nobody to agree to its price'),
    ]);
    expect(stderr).toContain('--yes');
    expect(requests()).toBe(0);
  });
});
