import { execa } from 'execa';
import { expect, test } from 'vitest';
import { createGate } from '../helpers/gate.ts';
import { baselineRuns, commandLine, endThreeSessions, expectToEnd, run, stopsOf } from '../helpers/night.ts';
import { nocturne, processesOf, project } from '../helpers/nocturne.ts';
import { nocturneCommand } from '../helpers/program.ts';
import { until } from '../helpers/until.ts';
import { controllerOf, openWindow, quoted, untilReleased, type Window } from '../helpers/window.ts';

test('a window that is closed three times in one run says nothing of the candidate, and each session is stopped once', async () => {
  await endThreeSessions(async (repo, gate) => {
    const window = openWindow(repo.root, gate.variables);
    window.type(commandLine());
    return window.close;
  });
});

test('one Ctrl-C on a terminal is an orderly stop, and a second one stops at once', async () => {
  const repo = project('quick');
  const gate = createGate(baselineRuns);
  const press = async (session: number, presses: (window: Window) => Promise<void>) => {
    const window = openWindow(repo.root, gate.variables);
    window.type(commandLine());
    await gate.untilBegun(baselineRuns + session);
    const controller = controllerOf(repo.root, 'night');
    window.pressCtrlC();
    await presses(window);
    await untilReleased(repo.root, 'night', controller);
    // After a stop at once the supervisor ends the training on its own.
    await until(() => processesOf(`${repo.root}/runs`).length === 0);
  };

  await press(1, async () => {});
  expect(stopsOf(repo)).toHaveLength(1);
  await press(2, async (window) => {
    await window.untilSent('Ctrl-C again stops at once.');
    window.pressCtrlC();
  });

  gate.open();
  await expectToEnd(repo, ['cancelled', 'cancelled', 'finished']);
});

test('a detached run goes on when its window is closed, and `status`, `stop` and a second run find it', async () => {
  const repo = project('quick');
  const gate = createGate(baselineRuns);
  const window = openWindow(repo.root, gate.variables);
  window.type(commandLine('--detach'));
  await window.untilSent('it goes on when this terminal is closed');
  const controller = controllerOf(repo.root, 'night');
  await gate.untilBegun(baselineRuns + 1);
  window.close();
  const status = await nocturne(repo.root, ['status', '--json']);
  expect(JSON.parse(status.stdout)).toMatchObject({ tag: 'night', state: 'running' });
  expect(repo.read('runs/night/run.log')).toContain('baseline, run 3');
  const second = await nocturne(repo.root, [...run, '--detach'], gate.variables);
  expect(second.exitCode).toBe(2);
  expect(second.stderr).toContain(`Study night is being worked on by process ${controller}`);

  const stopped = await nocturne(repo.root, ['stop', '--now']);

  expect(stopped.stderr).toContain(`Asked process ${controller} to end study night now.`);
  await untilReleased(repo.root, 'night', controller);
  expect(stopsOf(repo)).toHaveLength(1);
  gate.open();
  await expectToEnd(repo, ['cancelled', 'finished']);
});

test('a study whose output goes to a full disk ends by its rule', async () => {
  const repo = project('quick');
  const ended = await inShell(`${commandLine('--json')} > /dev/full 2>&1`, repo.root);
  expect(ended.exitCode).toBe(0);
  expect(stopsOf(repo)).toMatchObject([{ reason: 'experiments' }]);
});

test('data that a full disk does not take is said', async () => {
  const ended = await inShell(`${quoted([...nocturneCommand, '--version'])} > /dev/full`, '.');
  expect(ended).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Standard output cannot be written') });
});

test('a detached run that cannot start says so in the foreground', async () => {
  const said = await nocturne('.', ['run', 'nowhere.md', '--detach']);
  expect(said).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('nowhere.md') });
});

async function inShell(command: string, cwd: string) {
  const env = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', XDG_CACHE_HOME: '/nowhere/cache' };
  return execa('sh', ['-c', command], { cwd, env, reject: false });
}
