/** Another folder of this machine in the place of another machine: what is sent there, and what is run there. */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import type { Parcel } from '../../../../src/adapters/engines/travel/parcel.ts';
import { packagePath } from '../../../../src/adapters/package-root.ts';

export interface OtherMachine {
  /** The folder below which everything lies there. */
  readonly root: string;
  /** Sends what is missing; gives the names of what was sent. */
  readonly send: (parcel: Parcel) => Promise<string[]>;
  /** Runs `away_job.py`; gives what it prints. */
  readonly call: (what: string, ...rest: string[]) => Promise<string>;
  /** Saves what the job leaves; gives the file. */
  readonly home: (parcel: Parcel) => Promise<string>;
}

/** A folder that the test removes. */
export async function otherMachine(environment: Readonly<Record<string, string>> = {}): Promise<OtherMachine> {
  const root = await mkdtemp(join(tmpdir(), 'nocturne-away-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const folder of ['archives', 'orders']) await mkdir(join(root, folder));
  await copyFile(packagePath('src', 'python', 'away_job.py'), join(root, 'away_job.py'));
  const start = (args: string[], input = '') =>
    execa('python3', [join(root, 'away_job.py'), ...args], {
      input,
      env: { PATH: process.env.PATH ?? '', HOME: root, ...environment },
      extendEnv: false,
      encoding: 'buffer',
      stripFinalNewline: false,
    });
  const call = async (what: string, ...rest: string[]) =>
    Buffer.from((await start([what, root, ...rest])).stdout).toString();
  return {
    root,
    call,
    send: async (parcel) => {
      const names = parcel.archives.map(({ name }) => name).join('\n');
      const missing = Buffer.from((await start(['missing', root], names)).stdout)
        .toString()
        .split('\n')
        .filter(Boolean);
      for (const { name, file } of parcel.archives) {
        if (missing.includes(name)) await copyFile(file, join(root, 'archives', name));
      }
      await writeFile(join(root, 'orders', parcel.ordersName), parcel.orders);
      return missing;
    },
    home: async ({ ordersName }) => {
      const { stdout } = await start(['home', root, ordersName]);
      const file = join(root, 'home.tar.gz');
      await writeFile(file, stdout);
      return file;
    },
  };
}
