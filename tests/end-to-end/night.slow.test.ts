/**
 * What a night brings, with the programs that bring it: tmux, ssh and npm. On Debian and Ubuntu
 * `apt-get install tmux openssh-server openssh-client` has those that are missing; without them their tests are skipped.
 */
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findSupervisors } from '../../src/adapters/engines/find-supervisors.ts';
import { createGate, type Gate } from '../helpers/gate.ts';
import { baselineRuns, commandLine, endThreeSessions, expectToEnd, run, stopsOf } from '../helpers/night.ts';
import { nocturne, processesOf, project } from '../helpers/nocturne.ts';
import { nocturneCommand } from '../helpers/program.ts';
import { logIn, pathWithSshd } from '../helpers/ssh.ts';
import { type TemporaryRepo, temporaryFolder } from '../helpers/temporary-repo.ts';
import { controllerOf, openWindow, quoted, untilReleased } from '../helpers/window.ts';

/** Starts a command in a place, and gives what takes the place away; undefined where this account has no such place. */
type InPlace = (folder: string, variables: Gate['variables'], command: string) => Promise<(() => unknown) | undefined>;

const noLogin = 'this account may not log in by ssh';

describe.each<[string, readonly string[], InPlace]>([
  ['tmux is killed', ['tmux'], inTmux],
  ['the ssh connection drops', ['ssh', 'sshd', 'ssh-keygen'], overSsh],
])('when %s', (_, programs, start) => {
  const missing = programs.filter(
    (program) => execaSync('which', [program], { reject: false, env: { PATH: pathWithSshd } }).exitCode !== 0,
  );
  const needed = `${missing.join(' and ')} not found`;

  test('three times in one run, each session is stopped once and the candidate judged by its complete run', async ({
    skip,
  }) => {
    skip(missing.length > 0, needed);
    await endThreeSessions(
      async (repo, gate) => (await start(repo.root, variablesOf(gate), commandLine())) ?? skip(noLogin),
    );
  });

  test('a detached study goes on to its end', async ({ skip }) => {
    skip(missing.length > 0, needed);
    const repo = project('quick');
    const gate = createGate(baselineRuns);
    const takeAway = (await start(repo.root, variablesOf(gate), commandLine('--detach'))) ?? skip(noLogin);
    await gate.untilBegun(baselineRuns + 1);
    const controller = controllerOf(repo.root, 'night');
    await takeAway();
    gate.open();
    await untilReleased(repo.root, 'night', controller);
    expect(stopsOf(repo)).toMatchObject([{ reason: 'experiments' }]);
    await expectToEnd(repo, ['finished']);
  });
});

test.each([
  ['npm start', 'npm start'],
  ['npx', quoted(['npx', 'nocturne', ...run])],
])('one Ctrl-C is one, also when %s passes it on', async (_, command) => {
  const repo = packageProject();
  const gate = createGate(baselineRuns);
  // Of the shells that npm starts, bash becomes the program, which then gets the signal from npm and the terminal alike.
  const window = openWindow(repo.root, { ...gate.variables, npm_config_script_shell: '/bin/bash' });
  window.type(command);
  await gate.untilBegun(baselineRuns + 1);
  const controller = controllerOf(repo.root, 'night');
  window.pressCtrlC();
  await untilReleased(repo.root, 'night', controller);
  expect(stopsOf(repo)).toHaveLength(1);
  gate.open();
  await expectToEnd(repo, ['cancelled', 'finished']);
});

test('a detached study that npx started goes on when the window is closed', async () => {
  const repo = packageProject();
  const gate = createGate(baselineRuns);
  const window = openWindow(repo.root, gate.variables);
  window.type(quoted(['npx', 'nocturne', ...run, '--detach']));
  await window.untilSent('it goes on when this terminal is closed');
  await gate.untilBegun(baselineRuns + 1);
  const controller = controllerOf(repo.root, 'night');
  window.close();
  gate.open();
  await untilReleased(repo.root, 'night', controller);
  expect(stopsOf(repo)).toMatchObject([{ reason: 'experiments' }]);
});

test('a detached run says where it is as JSON too, and SIGTERM ends it in order', async () => {
  const repo = project('quick');
  const gate = createGate();
  const said = await nocturne(repo.root, [...run, '--detach', '--json'], gate.variables);
  const { pid, ...where } = JSON.parse(said.stdout);
  expect(where).toEqual({ tag: 'night', log: `${repo.root}/runs/night/run.log` });
  expect(pid).toBe(controllerOf(repo.root, 'night'));
  process.kill(pid, 'SIGTERM');
  await untilReleased(repo.root, 'night', pid);
  expect(stopsOf(repo)).toMatchObject([{ reason: 'stopped', detail: expect.stringContaining('SIGTERM') }]);
});

test('a SIGTERM to all processes at once, as systemd and Slurm send it, is no failure of the candidate', async () => {
  await endThreeSessions(async (repo, gate) => {
    openWindow(repo.root, gate.variables).type(commandLine());
    return async (controller) => {
      const trainings = processesOf(`${repo.root}/runs`).map((line) => Number.parseInt(line, 10));
      const supervisors = await findSupervisors(`${repo.root}/runs`);
      expect(supervisors).toHaveLength(1);
      expect(controller).toBeGreaterThan(0);
      // The controller last, so that it may find the run ended before it has its own signal.
      for (const pid of [...trainings, ...supervisors, controller ?? process.pid]) terminate(pid);
    };
  });
});

/** A process may be gone by now, because the one before it is. */
function terminate(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    expect(error).toMatchObject({ code: 'ESRCH' });
  }
}

/** Nothing of the machine's own settings, and the Python of the tests. */
function variablesOf({ variables }: Gate): Gate['variables'] {
  const { PATH = '' } = process.env;
  const apart = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', XDG_CACHE_HOME: '/nowhere/cache' };
  return { ...apart, ...variables, PATH };
}

/** In a session of a tmux server of its own. */
async function inTmux(folder: string, variables: Gate['variables'], command: string) {
  const server = join(temporaryFolder(), 'tmux');
  const tmux = (...args: readonly string[]) =>
    execa('tmux', ['-f', '/dev/null', '-S', server, ...args], { env: { ...variables, TERM: 'xterm' }, reject: false });
  await tmux('new-session', '-d', '-c', folder, 'bash --norc');
  onTestFinished(async () => void (await tmux('kill-server')));
  await tmux('send-keys', command, 'Enter');
  return () => tmux('kill-server');
}

async function overSsh(folder: string, variables: Gate['variables'], command: string) {
  const login = await logIn(folder, variables, command);
  return login?.drop;
}

/** A project that has nocturne as npm installs it. */
function packageProject(): TemporaryRepo {
  const repo = project('quick');
  const start = quoted(['nocturne', ...run]);
  repo.write('package.json', JSON.stringify({ name: 'quick', version: '1.0.0', scripts: { start } }));
  repo.write('.gitignore', 'node_modules\n');
  repo.commit('package');
  repo.write('node_modules/nocturne/start.sh', `#!/bin/sh\nexec ${quoted(nocturneCommand)} "$@"\n`);
  chmodSync(join(repo.root, 'node_modules/nocturne/start.sh'), 0o755);
  mkdirSync(join(repo.root, 'node_modules/.bin'));
  symlinkSync('../nocturne/start.sh', join(repo.root, 'node_modules/.bin/nocturne'));
  return repo;
}
