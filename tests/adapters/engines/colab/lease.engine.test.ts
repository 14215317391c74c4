/** Machines of Colab through the real CLI, against a stand-in for the service. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { notedMachines, openLease } from '../../../../src/adapters/engines/colab/lease.ts';
import { openColabProgram } from '../../../../src/adapters/engines/colab/program.ts';
import { colabCommand, standIn, whyNoColab } from '../../../helpers/colab/stand-in.ts';
import { temporaryFolder } from '../../../helpers/temporary-repo.ts';
import { until } from '../../../helpers/until.ts';

async function world(gpu = 'T4') {
  const service = await standIn();
  const folder = temporaryFolder();
  const stateFile = join(folder, 'sessions.json');
  const options = { program: colabCommand, auth: 'oauth2', stateFile, environment: service.environment } as const;
  const told: string[] = [];
  const open = (colab = openColabProgram(options)) =>
    openLease({
      ...options,
      colab,
      folder,
      name: 'nocturne-night-0',
      gpu,
      tell: (message) => told.push(message),
    });
  const colab = openColabProgram(options);
  return { service, folder, stateFile, open, lease: open(colab), told, colab };
}

describe.skipIf(whyNoColab !== undefined)(`a lease of a Colab machine ${whyNoColab ?? ''}`, () => {
  test('a machine is noted before it is asked for, found again, and released', async () => {
    const { service, folder, open, lease } = await world();
    const allocation = await lease.allocate();
    expect(allocation).toMatchObject({ kind: 'held', endpoint: expect.stringMatching(/^gpu-t4-/) });
    expect(await notedMachines(folder)).toMatchObject([{ name: 'nocturne-night-0', gpu: 'T4', before: [] }]);
    expect(await open().allocate()).toEqual(allocation);
    expect(service.machines()).toHaveLength(1);
    expect(await open().release()).toBe(true);
    expect(service.machines()).toEqual([]);
    expect(await notedMachines(folder)).toEqual([]);
    expect(await open().release()).toBe(true);
  });

  test('a request that is refused says why and leaves no note', async () => {
    const { service, folder, lease } = await world();
    for (const [refusal, why] of [
      ['too-many', /412/],
      ['usage-time', /503/],
    ] as const) {
      service.refuse(refusal);
      expect(await lease.allocate()).toEqual({ kind: 'refused', why: expect.stringMatching(why) });
      expect(await notedMachines(folder)).toEqual([]);
    }
  });

  test('a machine of which the CLI lost its record is used on; one that is taken away is gone', async () => {
    const { service, folder, stateFile, lease } = await world();
    await lease.allocate();
    rmSync(stateFile);
    expect(await lease.look()).toMatchObject({ kind: 'held' });
    expect(readFileSync(stateFile, 'utf8')).toContain(service.machines()[0]?.endpoint);
    for (const machine of service.machines()) service.reclaim(machine);
    expect(await lease.look()).toEqual({ kind: 'gone' });
    expect(await notedMachines(folder)).toEqual([]);
  });

  test('a service that does not answer leaves the note and is no loss', async () => {
    const { service, folder, lease } = await world();
    await lease.allocate();
    service.fallSilent(true);
    expect(await lease.look()).toEqual({ kind: 'unknown' });
    expect(await lease.release()).toBe(false);
    expect(await notedMachines(folder)).toHaveLength(1);
    service.fallSilent(false);
    expect(await lease.release()).toBe(true);
    expect(service.machines()).toEqual([]);
  });

  test('a machine whose controller was killed while it asked is found by its note and released', async () => {
    const { service, folder, open } = await world();
    const script = join(folder, 'asking.mts');
    writeFileSync(script, askingProgram(folder));
    const env = { ...process.env, ...service.environment };
    const controller = spawn(process.execPath, ['--import', 'tsx', script], { env, stdio: 'ignore', detached: true });
    await until(() => service.asked.some((each) => each.startsWith('POST /tun/m/assign')));
    process.kill(-(controller.pid ?? 0), 'SIGKILL');
    await once(controller, 'exit');
    expect(await notedMachines(folder)).toMatchObject([{ name: 'nocturne-night-0' }]);
    expect(await open().release()).toBe(true);
    expect(service.asked.filter((each) => each.startsWith('POST /tun/m/assign'))).toHaveLength(1);
    expect(service.machines()).toEqual([]);
  });

  test.each(['release', 'abandon'] as const)('a call that stays with the machine ends at its %s', async (end) => {
    const { service, folder, lease, colab, open } = await world();
    await lease.allocate();
    const here = join(folder, 'here');
    const file = join(folder, 'cell.py');
    writeFileSync(file, `import time; open(${JSON.stringify(here)}, "w"); time.sleep(600)`);
    const call = colab.call(['exec', '--session', lease.name, '--file', file], 600);
    await until(() => existsSync(here));
    if (end === 'release') expect(await open().release()).toBe(true);
    else lease.abandon();
    expect((await call).exitCode).toBe(undefined);
    await until(() => service.machines().length === 0);
  });

  test('a machine that nobody here knows is told of, and left alone', async () => {
    const { service, folder, colab, lease, told } = await world();
    await colab.call(['new', '--session', 'browser', '--gpu', 'T4'], 100);
    rmSync(join(folder, 'sessions.json'));
    const note = {
      name: 'nocturne-night-0',
      gpu: 'T4',
      program: 'colab',
      auth: 'oauth2',
      askedAt: '2026-11-29T17:00:00.000Z',
      before: [],
    };
    writeFileSync(join(folder, 'nocturne-night-0.machine.json'), JSON.stringify(note));
    expect(await lease.release()).toBe(true);
    expect(service.machines()).toHaveLength(1);
    expect(told.join()).toContain(service.machines()[0]?.endpoint);
  });

  test('nobody signed in is said with what to do, and nothing is asked for', async () => {
    const { service, lease } = await world();
    rmSync(join(service.environment.HOME ?? '', '.config/colab-cli/token.json'));
    await expect(lease.allocate()).rejects.toThrow(/signed in/);
    expect(service.asked).toEqual([]);
    expect(existsSync(join(service.environment.HOME ?? '', '.config/colab-cli/token.json'))).toBe(false);
  });
});

/** A controller that asks for the machine and then waits to be killed. */
function askingProgram(folder: string): string {
  const source = (name: string) => JSON.stringify(join(process.cwd(), 'src/adapters/engines/colab', name));
  return `import { openLease } from ${source('lease.ts')};
import { openColabProgram } from ${source('program.ts')};
const colab = openColabProgram({ program: ${JSON.stringify(colabCommand)}, auth: 'oauth2', stateFile: ${JSON.stringify(join(folder, 'sessions.json'))}, environment: process.env });
await openLease({ program: 'colab', auth: 'oauth2', colab, folder: ${JSON.stringify(folder)}, name: 'nocturne-night-0', gpu: 'T4', tell: () => {} }).allocate();
`;
}
