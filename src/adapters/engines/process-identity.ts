/**
 * Tells whether a recorded process still runs. A number alone is not enough: it is given to another process later, so
 * its start time and the boot it belongs to are compared too.
 */
import { readFile } from 'node:fs/promises';
import { ok } from '../../core/base/errors.ts';

/** What tells a process from any other that ever has its number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Linux: field 22 of /proc/PID/stat; elsewhere the start date that `ps` prints. */
  readonly startTime: string;
  /** Empty outside Linux, where the start date is enough. */
  readonly bootId: string;
}

/** How a process is now. */
interface Sighting extends ProcessIdentity {
  readonly isStopped: boolean;
  /** Its arguments, joined with spaces. */
  readonly command: string;
}

/** The identity of a running process, to be recorded. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity> {
  const seen = await see(pid);
  ok(seen, `process ${pid} is there`);
  return { pid, startTime: seen.startTime, bootId: seen.bootId };
}

/** Whether the recorded process is still there; a zombie is not. */
export async function isSameProcess(identity: ProcessIdentity): Promise<boolean> {
  return (await findProcess(identity)) !== undefined;
}

/** The recorded process as it is now, if it is still there. */
export async function findProcess(identity: ProcessIdentity): Promise<Sighting | undefined> {
  const seen = await see(identity.pid);
  return seen?.startTime === identity.startTime && seen.bootId === identity.bootId ? seen : undefined;
}

async function see(pid: number): Promise<Sighting | undefined> {
  return process.platform === 'linux' ? seeInProc(pid) : seeWithPs(pid);
}

async function seeInProc(pid: number): Promise<Sighting | undefined> {
  const [stat, commandLine, bootId] = await Promise.all([
    readOrEmpty(`/proc/${pid}/stat`),
    readOrEmpty(`/proc/${pid}/cmdline`),
    readOrEmpty('/proc/sys/kernel/random/boot_id'),
  ]);
  // The name, second, is in brackets and may hold brackets and spaces itself; the state is third.
  const [state = 'X', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (stat === '' || 'ZX'.includes(state)) return undefined;
  const command = commandLine.split('\0').join(' ').trim();
  return { pid, startTime: rest[18] ?? '', bootId: bootId.trim(), isStopped: state === 'T', command };
}

async function seeWithPs(pid: number): Promise<Sighting | undefined> {
  // Loaded here because `status` needs it on no Linux, and it takes longer to load than all the rest.
  const { execa } = await import('execa');
  const env = { LC_ALL: 'C', TZ: 'UTC' };
  const ps = await execa('ps', ['-o', 'lstart=,stat=,args=', '-p', String(pid)], { env, reject: false });
  const found = /^(\S+ +\S+ +\S+ +\S+ +\S+) +(\S+) +(.*)$/.exec(ps.stdout?.trim() ?? '');
  const [, startTime = '', state = '', command = ''] = found ?? [];
  if (!found || state.startsWith('Z')) return undefined;
  return { pid, startTime, bootId: '', isStopped: state.startsWith('T'), command };
}

async function readOrEmpty(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
