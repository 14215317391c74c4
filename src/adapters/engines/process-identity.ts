/**
 * Tells whether a recorded process still runs. Its number alone is not enough, since the system reuses numbers: its
 * start time and its boot are compared too.
 */
import { readFileSync } from 'node:fs';
import { ok } from '../../core/base/errors.ts';

/** Identifies a process, also against a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Linux: field 22 of /proc/PID/stat; elsewhere the start date that `ps` prints. */
  readonly startTime: string;
  /** Empty outside Linux, where the start date is enough. */
  readonly bootId: string;
}

/** A running process as it is now. */
interface RunningProcess extends ProcessIdentity {
  readonly isStopped: boolean;
  /** Its arguments, joined with spaces. */
  readonly command: string;
}

/** The identity of a running process, to be recorded. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity> {
  const seen = await readProcess(pid);
  ok(seen, `process ${pid} is there`);
  return { pid, startTime: seen.startTime, bootId: seen.bootId };
}

/** Whether the recorded process is still there; a zombie is not. */
export async function isSameProcess(identity: ProcessIdentity): Promise<boolean> {
  return (await findProcess(identity)) !== undefined;
}

/** The recorded process as it is now, if it is still there. */
export async function findProcess(identity: ProcessIdentity): Promise<RunningProcess | undefined> {
  const seen = await readProcess(identity.pid);
  return seen?.startTime === identity.startTime && seen.bootId === identity.bootId ? seen : undefined;
}

async function readProcess(pid: number): Promise<RunningProcess | undefined> {
  return process.platform === 'linux' ? readFromProc(pid) : await readFromPs(pid);
}

/** These files are read from memory, and so at once: a run is looked at many times. */
function readFromProc(pid: number): RunningProcess | undefined {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  // Field 2, the name, is in brackets and may contain brackets and spaces; the state is field 3.
  const [state = 'X', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (stat === '' || 'ZX'.includes(state)) return undefined;
  const command = readOrEmpty(`/proc/${pid}/cmdline`).split('\0').join(' ').trim();
  return { pid, startTime: rest[18] ?? '', bootId: bootId(), isStopped: state === 'T', command };
}

/** The variables that a process on Linux was started with, such as `HOME=/root`; none of a zombie, or where they cannot be read. */
export function variablesOf(pid: number): readonly string[] {
  return readOrEmpty(`/proc/${pid}/environ`).split('\0');
}

let boot: string | undefined;

function bootId(): string {
  boot ??= readOrEmpty('/proc/sys/kernel/random/boot_id').trim();
  return boot;
}

async function readFromPs(pid: number): Promise<RunningProcess | undefined> {
  // Imported only here: it takes longer to load than the rest of `status`, which does not need it on Linux.
  const { execa } = await import('execa');
  const env = { LC_ALL: 'C', TZ: 'UTC' };
  const ps = await execa('ps', ['-o', 'lstart=,stat=,args=', '-p', String(pid)], { env, reject: false });
  const found = /^(\S+ +\S+ +\S+ +\S+ +\S+) +(\S+) +(.*)$/.exec(ps.stdout?.trim() ?? '');
  const [, startTime = '', state = '', command = ''] = found ?? [];
  if (!found || state.startsWith('Z')) return undefined;
  return { pid, startTime, bootId: '', isStopped: state.startsWith('T'), command };
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
