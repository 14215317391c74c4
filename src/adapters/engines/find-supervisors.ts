/**
 * Finds the jobs that still run below a folder, also those whose controller is gone.
 */
import { sep } from 'node:path';
import { type RunningCommand, runningCommands } from './running-commands.ts';

/** The process numbers of the supervisors at work on jobs below this folder. */
export async function findSupervisors(folder: string): Promise<number[]> {
  // A supervisor's last argument is the path of its job's spec.
  const isOfFolder = ({ text }: RunningCommand) =>
    text.includes(` ${folder}${sep}`) && text.endsWith(`${sep}spec.json`);
  return (await runningCommands()).filter(isOfFolder).map(({ pid }) => pid);
}
