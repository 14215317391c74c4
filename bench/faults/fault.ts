/**
 * What a machine can do to a study: its clock is set by three hours, as its processes see it, or all that runs stands still for 30 s.
 */
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { packagePath } from '../../src/adapters/package-root.ts';
import { SettingsError } from '../../src/core/base/errors.ts';

export interface Fault {
  /** Variables of the controller. */
  readonly env: Readonly<Record<string, string>>;
  /** Does it to the study of this controller. */
  readonly strike: (controller: number) => Promise<void>;
}

/** How each is made in a folder of its own. */
export const faults: Readonly<Record<string, (folder: string) => Promise<Fault>>> = {
  nothing: async () => ({ env: {}, strike: async () => {} }),
  'the clock is set forward by 3 h': (folder) => setClock(folder, 3 * 3600),
  'the clock is set back by 3 h': (folder) => setClock(folder, -3 * 3600),
  'all stands still for 30 s': async () => standingStill(30),
};

/** Every process of the study sees the clock that a file tells, also the supervisors, which inherit no environment. */
async function setClock(folder: string, by: number): Promise<Fault> {
  const library = join(folder, 'set-clock.so');
  const source = packagePath('bench', 'faults', 'set-clock.c');
  await execa(process.env.CC ?? 'cc', ['-shared', '-fPIC', '-O1', '-o', library, source]).catch((error: Error) => {
    throw new SettingsError(`a C compiler is needed, as cc: ${error.message}`);
  });
  const file = join(folder, 'clock');
  const set = (seconds: number) => {
    writeFileSync(`${file}.new`, `${seconds}\n`);
    renameSync(`${file}.new`, file);
  };
  set(0);
  const clock = { LD_PRELOAD: library, CLOCK_FILE: file };
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  const { stdout: python } = await execa('python3', ['-c', 'import sys; print(sys.executable)']);
  const exports = Object.entries(clock).map(([name, value]) => `export ${name}='${value}'\n`);
  const wrapper = join(programs, 'python3');
  writeFileSync(wrapper, `#!/bin/bash\n${exports.join('')}exec -a "$0" '${python}' "$@"\n`);
  chmodSync(wrapper, 0o755);
  return { env: { ...clock, PATH: programs + delimiter + process.env.PATH }, strike: async () => set(by) };
}

/** All that runs of the study stands still for so long. */
export function standingStill(seconds: number): Fault {
  return { env: {}, strike: (controller) => standStill(controller, seconds) };
}

async function standStill(controller: number, seconds: number): Promise<void> {
  const all = withDescendants(controller);
  for (const pid of all) send(pid, 'SIGSTOP');
  await pause(seconds * 1000);
  for (const pid of all) send(pid, 'SIGCONT');
}

function withDescendants(root: number): number[] {
  const parents = readdirSync('/proc').flatMap((name) => {
    const pid = Number.parseInt(name, 10);
    const stat = Number.isNaN(pid) ? '' : readStat(pid);
    return stat === '' ? [] : [[pid, Number.parseInt(stat.slice(stat.lastIndexOf(')') + 4), 10)] as const];
  });
  const found = [root];
  for (const pid of found) found.push(...parents.filter(([, parent]) => parent === pid).map(([child]) => child));
  return found;
}

function readStat(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended meanwhile.
  }
}
