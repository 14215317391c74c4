/**
 * Finds the jobs that still run below a folder, also those whose controller is gone.
 */
import { readdir, readFile } from 'node:fs/promises';
import { sep } from 'node:path';

/** The process numbers of the supervisors at work on jobs below this folder. */
export async function findSupervisors(folder: string): Promise<number[]> {
  const commands = process.platform === 'linux' ? await commandsFromProc() : await commandsFromPs();
  // A supervisor's last argument is the path of its job's spec.
  const isOfFolder = ({ text }: Command) => text.includes(` ${folder}${sep}`) && text.endsWith(`${sep}spec.json`);
  return commands.filter(isOfFolder).map(({ pid }) => pid);
}

interface Command {
  readonly pid: number;
  /** Its arguments, joined with spaces. */
  readonly text: string;
}

async function commandsFromProc(): Promise<Command[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = (pid: string) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return Promise.all(
    pids.map(async (pid) => ({ pid: Number(pid), text: (await read(pid)).split('\0').join(' ').trim() })),
  );
}

async function commandsFromPs(): Promise<Command[]> {
  const { execa } = await import('execa');
  const { stdout = '' } = await execa('ps', ['-axo', 'pid=,args='], { reject: false });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, text] = /^\s*(\d+)\s+(.*?)\s*$/.exec(line) ?? [];
    return pid === undefined || text === undefined ? [] : [{ pid: Number(pid), text }];
  });
}
