/**
 * Machines of Colab that a study's notes say are allocated: what a controller that was killed has left, or the session in hand.
 */
import { join } from 'node:path';
import { type LeaseNote, notedMachines, openLease } from './lease.ts';
import { openColabProgram } from './program.ts';

/** Where a study's notes are. */
export function colabFolder(studyFolder: string): string {
  return join(studyFolder, 'colab');
}

/** The names of the machines that the study holds, or may hold, by its notes. */
export async function machinesOf(studyFolder: string): Promise<string[]> {
  const notes = await notedMachines(colabFolder(studyFolder));
  return notes.map(({ name, gpu }) => `the Colab machine ${name} (${gpu})`);
}

/** Releases every machine of the study's notes; the names of those that are gone. Tells what may be left, and never rejects. */
export async function releaseMachines(
  studyFolder: string,
  environment: Readonly<Record<string, string | undefined>>,
  tell: (message: string) => void,
): Promise<string[]> {
  const folder = colabFolder(studyFolder);
  const released = (await notedMachines(folder)).map(async (note) => {
    let isStray = false;
    const lease = leaseOf(note, folder, environment, (message) => {
      isStray = true;
      tell(message);
    });
    if (!(await lease.release().catch(() => false))) tell(notReleased(note.name));
    else if (!isStray) return [`the Colab machine ${note.name} (${note.gpu})`];
    return [];
  });
  return (await Promise.all(released)).flat();
}

function leaseOf(
  note: LeaseNote,
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
  tell: (message: string) => void,
) {
  const { name, gpu, program, auth } = note;
  const colab = openColabProgram({ program, auth, stateFile: join(folder, 'sessions.json'), environment });
  return openLease({ colab, folder, name, gpu, program, auth, tell });
}

function notReleased(name: string): string {
  return `The Colab machine ${name} may still be allocated: whether it is released could not be found out. \`nocturne stop\` or the next \`nocturne run\` tries again; "Manage sessions" at colab.research.google.com shows it.`;
}
