/** A small file system in memory, which a test can fill; mounting one needs root. */
import { execFileSync } from 'node:child_process';
import {
  mkdtempSync,
  realpathSync,
  rmdirSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly folder: string;
  /** Leaves this many bytes, to the page. */
  readonly fill: (left: number) => void;
  readonly empty: () => void;
  readonly unmount: () => void;
}

/** A disk of this many megabytes; undefined, with the reason said, where it cannot be mounted. */
export function mountSmallDisk(megabytes: number): SmallDisk | undefined {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nocturne-small-')));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    rmdirSync(folder);
    process.stderr.write(`skipped: a full disk needs the right to mount one (${(error as Error).message.trim()})\n`);
    return undefined;
  }
  const filler = join(folder, 'filler');
  return {
    folder,
    fill: (left) => fill(folder, filler, left),
    empty: () => rmSync(filler, { force: true }),
    unmount: () => {
      execFileSync('umount', ['-l', folder]);
      rmdirSync(folder);
    },
  };
}

function fill(folder: string, filler: string, left: number): void {
  writeFileSync(filler, '');
  const chunk = Buffer.alloc(1 << 16);
  try {
    for (;;) writeFileSync(filler, chunk, { flag: 'a' });
  } catch {
    // It is full: the last chunk took what there was.
  }
  const { bavail, bsize } = statfsSync(folder);
  const taken = Math.ceil(left / bsize) * bsize - bavail * bsize;
  truncateSync(filler, Math.max(0, statSync(filler).size - Math.max(0, taken)));
}
