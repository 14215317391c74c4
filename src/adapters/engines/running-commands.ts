/**
 * Lists the processes of this machine with their command lines, as far as this account may see them.
 */
import { readdir, readFile } from 'node:fs/promises';

/** A process and how it was started. */
export interface RunningCommand {
  readonly pid: number;
  /** Its arguments, joined with spaces. */
  readonly text: string;
}

/** Every process that runs now. */
export async function runningCommands(): Promise<RunningCommand[]> {
  return process.platform === 'linux' ? commandsFromProc() : commandsFromPs();
}

async function commandsFromProc(): Promise<RunningCommand[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = (pid: string) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return Promise.all(
    pids.map(async (pid) => ({ pid: Number(pid), text: (await read(pid)).split('\0').join(' ').trim() })),
  );
}

async function commandsFromPs(): Promise<RunningCommand[]> {
  const { execa } = await import('execa');
  const { stdout = '' } = await execa('ps', ['-axo', 'pid=,args='], { reject: false });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, text] = /^\s*(\d+)\s+(.*?)\s*$/.exec(line) ?? [];
    return pid === undefined || text === undefined ? [] : [{ pid: Number(pid), text }];
  });
}
