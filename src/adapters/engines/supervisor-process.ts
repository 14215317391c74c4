/**
 * Starts the supervisor of a job, in a session of its own and with raw file descriptors, so that neither side waits for
 * the other: the controller may exit, and the supervisor then sees the end of its lifeline, file descriptor 3.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { ok, SettingsError } from '../../core/base/errors.ts';
import type { Job } from '../../ports/engine.ts';
import { readTextEnd } from '../files/read-file.ts';
import { packagePath } from '../package-root.ts';
import { unrefAll } from '../unref-all.ts';
import { specPath } from './job-files.ts';
import { failureOf, type SupervisorProcess, starterOf, supervisorOf } from './supervisor-starter.ts';

const lifeline = 3;

/** Starts a supervisor for a job whose spec is written. */
export async function startSupervisor(python: string, job: Job): Promise<SupervisorProcess> {
  const script = packagePath('src', 'python', 'supervisor.py');
  // -I and -S: no PYTHON* variables and no site packages, which halves the time to start.
  const args = ['-I', '-S', '-X', 'utf8', script, specPath(job)];
  return (await starterOf(python).start([python, ...args], job.folder)) ?? spawnSupervisor(python, args, job);
}

async function spawnSupervisor(python: string, args: readonly string[], job: Job): Promise<SupervisorProcess> {
  const log = await open(join(job.folder, 'supervisor.log'), 'a');
  try {
    const child = spawn(python, args, {
      cwd: job.folder,
      stdio: ['ignore', log.fd, log.fd, 'pipe'],
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
      detached: true,
    });
    const ours = child.stdio[lifeline] as Socket;
    await once(child, 'spawn');
    ok(child.pid, 'a process that was started has a number');
    const { supervisor, ended } = supervisorOf(child.pid);
    child.once('exit', (code, signal) => {
      ours.destroy();
      ended(failureOf(code, signal));
    });
    unrefAll(child, [ours]);
    ours.on('error', () => {});
    return supervisor;
  } catch (cause) {
    throw new SettingsError(`Cannot start \`${python}\`, the Python that supervises runs.`, {
      hint: 'Name another one with --python.',
      cause,
    });
  } finally {
    await log.close();
  }
}

const maxLogBytes = 1 << 16;

/** The last line that the supervisor printed. */
export async function lastLogLine(job: Job): Promise<string> {
  const text = (await readTextEnd(join(job.folder, 'supervisor.log'), maxLogBytes)) ?? '';
  return text.trimEnd().split('\n').at(-1) ?? '';
}
