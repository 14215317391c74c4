/**
 * Jobs on machines that see none of this one's files: packed, sent, looked at through `away_job.py` there, and brought home.
 */
import { appendFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Argv } from '../../../core/journal/settings/argv.ts';
import type { JobKey } from '../../../ports/engine.ts';
import { makeFile } from '../../files/make-file.ts';
import { writeWhole } from '../../files/write-whole.ts';
import { packagePath } from '../../package-root.ts';
import { logPath } from '../job-files.ts';
import { bringHome } from './bring-home.ts';
import type { Packer, Parcel } from './parcel.ts';
import { type Ground, type Progress, Unreachable } from './parts.ts';

/** A way to the other machine. Every method throws `Unreachable` where it cannot be gone now. */
export interface Transport {
  /** The absolute folder there below which everything lies, with its folders `archives` and `orders`. */
  readonly root: () => Promise<string>;
  /** The python there that starts jobs. */
  readonly python: string;
  /** Sends a file, which is there whole or not at all; the path is below the root. */
  readonly put: (file: string, path: string) => Promise<void>;
  /** Runs a command there; gives what it prints, also into a file. */
  readonly run: (
    argv: Argv,
    command?: { input?: string; outputFile?: string },
  ) => Promise<{ exitCode: number; stdout: string; stderr: string }>;
}

export interface TravellingOptions {
  readonly packer: Packer;
  readonly transport: Transport;
  /** The python that unpacks here. */
  readonly python: string;
  /** Milliseconds between two looks at one job. */
  readonly lookEvery?: number | undefined;
}

const stateSchema = z.object({
  started: z.unknown(),
  hasEnded: z.boolean(),
  added: z.record(z.string(), z.string()),
  ended: z.array(z.enum(['prepare', 'train', 'score'])),
});
const stages = ['prepare', 'train', 'score'] as const;

/** The ground behind a transport. */
export function createTravellingGround({ packer, transport, python, lookEvery = 5000 }: TravellingOptions): Ground {
  const looks = new Map<string, { readonly at: number; readonly progress: Promise<Progress> }>();
  let hasProgram = false;

  const awayJob = async (...args: string[]): Promise<Argv> => {
    const root = await transport.root();
    const [what = '', ...rest] = args;
    return [transport.python, '-I', '-S', '-X', 'utf8', `${root}/away_job.py`, what, root, ...rest];
  };
  const call = async (args: string[], input?: string): Promise<string> => {
    const said = await transport.run(await awayJob(...args), input === undefined ? {} : { input });
    if (said.exitCode !== 0) throw new Unreachable(`the helper on the other machine fails: ${lastLine(said.stderr)}`);
    return said.stdout;
  };
  const sendProgram = async () => {
    if (!hasProgram) await transport.put(packagePath('src', 'python', 'away_job.py'), 'away_job.py');
    hasProgram = true;
  };

  async function send(parcel: Parcel): Promise<void> {
    await sendProgram();
    const missing = (await call(['missing'], parcel.archives.map(({ name }) => name).join('\n'))).split('\n');
    for (const { name, file } of parcel.archives) {
      if (missing.includes(name)) await transport.put(file, `archives/${name}`);
    }
    await transport.put(parcel.ordersFile, `orders/${parcel.ordersName}`);
  }

  async function lookAnew(job: JobKey): Promise<Progress> {
    const known = await Promise.all(stages.map(async (stage) => `${stage}=${await sizeOf(logPath(job, stage))}`));
    await sendProgram();
    const state = stateSchema.parse(JSON.parse(await call(['state', await packer.ordersName(job), ...known])));
    for (const stage of stages) {
      const added = state.added[stage];
      if (added !== undefined) await appendFile(logPath(job, stage), Buffer.from(added, 'base64'));
    }
    for (const stage of state.ended) await makeFile(join(job.folder, `${stage}.ended`));
    const hasStarted = state.started !== null;
    if (hasStarted) await writeWhole(join(job.folder, 'started.json'), JSON.stringify(state.started));
    return { hasStarted, hasEnded: state.hasEnded };
  }

  return {
    lay: async (job) => {
      const parcel = (await packer.packed(job)) ?? (await packer.pack(job));
      await send(parcel);
      return awayJob('run', parcel.ordersName);
    },
    look: (job) => {
      const known = looks.get(job.folder);
      if (known && performance.now() - known.at < lookEvery) return known.progress;
      const progress = lookAnew(job);
      looks.set(job.folder, { at: performance.now(), progress });
      return progress;
    },
    bringHome: async (job) => {
      const ordersName = await packer.ordersName(job);
      const file = join(job.folder, 'home.tar.gz');
      await writeFile(file, '');
      const { exitCode } = await transport.run(await awayJob('home', ordersName), { outputFile: file });
      const isWhole = exitCode === 0 && (await bringHome(file, await packer.wayHome(job), python));
      await rm(file, { force: true });
      if (!isWhole) return false;
      looks.delete(job.folder);
      await packer.forget(job, 'archive');
      // It is here; that it stays there too, for want of a connection, does no harm.
      await call(['clear', ordersName]).catch(() => {});
      return true;
    },
    forget: async (job) => {
      looks.delete(job.folder);
      if ((await packer.packed(job)) === undefined) return;
      await sendProgram();
      await call(['forget', await packer.ordersName(job)]);
      await packer.forget(job, 'all');
    },
  };
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
