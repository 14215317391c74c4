import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { keepAwake } from '../../src/adapters/keep-awake.ts';
import { createGate } from '../helpers/gate.ts';
import { nocturne, project, startNocturne } from '../helpers/nocturne.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';
import { until } from '../helpers/until.ts';
import { isRunning } from '../helpers/window.ts';

test('the machine is kept awake until it is released', async () => {
  const standIn = installStandIn();
  vi.stubEnv('PATH', standIn.path);
  vi.stubEnv('SECRET_API_KEY', 'sk-1');
  const awake = keepAwake('study night is running');
  await until(standIn.isHeld);
  expect(standIn.words()).toEqual(
    process.platform === 'darwin'
      ? ['-i', '-w', String(process.pid)]
      : ['--what=idle:sleep', '--who=nocturne', '--why=study night is running', '--mode=block', 'cat'],
  );
  expect(standIn.environment()).not.toContain('SECRET_API_KEY');
  awake.release();
  await until(() => !standIn.isHeld());
});

test('where the system offers nothing, nothing happens', () => {
  vi.stubEnv('PATH', temporaryFolder());
  const awake = keepAwake('study night is running');
  expect(() => awake.release()).not.toThrow();
});

test('a study holds the machine awake until its controller is gone, and not at all with --allow-sleep', async () => {
  const repo = project('quick');
  const standIn = installStandIn();
  const gate = createGate();
  const variables = { ...gate.variables, PATH: standIn.path };
  const first = startNocturne(repo.root, ['run', '--tag', 'night'], variables);
  await gate.untilBegun(1);
  await until(standIn.isHeld);
  first.kill('SIGKILL');
  await first.end;
  await until(() => !standIn.isHeld());

  standIn.forget();
  gate.open();
  const second = await nocturne(repo.root, ['run', '--max-experiments', '1', '--allow-sleep'], variables);
  expect(second.exitCode, second.stderr).toBe(0);
  expect(standIn.wasAsked()).toBe(false);
});

/** A stand-in for what holds a machine awake, first on a PATH: it notes how it was called, and holds as the real one does. */
function installStandIn() {
  const folder = temporaryFolder();
  const noted = join(folder, 'noted');
  const script = `#!/bin/sh
env > '${noted}.environment'
for word; do echo "$word"; done > '${noted}.words'
echo $$ > '${noted}.pid.new'
mv '${noted}.pid.new' '${noted}.pid'
exec cat
`;
  for (const name of ['systemd-inhibit', 'caffeinate']) {
    writeFileSync(join(folder, name), script);
    chmodSync(join(folder, name), 0o755);
  }
  return {
    path: `${folder}:${process.env.PATH}`,
    words: () => readFileSync(`${noted}.words`, 'utf8').trimEnd().split('\n'),
    environment: () => readFileSync(`${noted}.environment`, 'utf8'),
    wasAsked: () => existsSync(`${noted}.pid`),
    isHeld: () => existsSync(`${noted}.pid`) && isRunning(readFileSync(`${noted}.pid`, 'utf8').trim()),
    forget: () => rmSync(`${noted}.pid`),
  };
}
