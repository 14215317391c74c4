/**
 * Names of folders among the temporary files of the machine, by which the next controller knows those that were left over.
 */
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';

/** How the name of a folder among temporary files begins: it says which process made it, on which machine or in which container. */
export function temporaryName(what: string): string {
  return `nocturne-${what}-${hostMark()}-${process.pid}-`;
}

/** Every such name, with the number of the process. */
export function temporaryPattern(): RegExp {
  return new RegExp(`^nocturne-[a-z-]+-${hostMark()}-(\\d+)-\\w{6}$`);
}

function hostMark(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 6);
}
