/**
 * One job on a rented machine: sent there and submitted to the machine's queue, looked at, and brought home.
 *
 * It is submitted through sky, so that sky's own queue gives it its GPUs and knows that the machine is not idle; it is looked at by ssh.
 */
import { appendFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SettingsError } from '../../../core/base/errors.ts';
import { parseJson } from '../../../core/base/parse-json.ts';
import type { Job, JobState } from '../../../ports/engine.ts';
import { logPath, readJobEnd } from '../job-files.ts';
import { isOver, lost } from '../job-states.ts';
import { bringHome } from '../travel/bring-home.ts';
import type { Packer } from '../travel/parcel.ts';
import { quoted } from '../travel/quoted.ts';
import { NoMachine, type Sky } from './sky-cli.ts';
import type { Held } from './sky-machine.ts';
import { type SkyRecord, skyRecords } from './sky-record.ts';
import { gpusOfJob, type SkySettings } from './sky-settings.ts';
import { rootThere } from './sky-shell.ts';
import { whyNot } from './sky-texts.ts';

export interface JobsThere {
  /** Submits the job, or finds it in the machine's queue; the record that names it there. */
  readonly submit: (job: Job, record: SkyRecord, held: Held) => Promise<SkyRecord>;
  /** The job's state as the machine says; what it left is home where it has ended. */
  readonly look: (job: Job, record: SkyRecord, held: Held) => Promise<JobState>;
  /** Ends it with all its processes. */
  readonly cancel: (job: Job, record: SkyRecord, held: Held) => Promise<void>;
}

export interface JobsOptions {
  readonly sky: Sky;
  readonly settings: SkySettings;
  readonly packer: Packer;
  /** The python that unpacks what comes home. */
  readonly python: string;
  /** GPUs of each run. */
  readonly gpus: number;
}

const stages = ['prepare', 'train', 'score'] as const;
const stateSchema = z.object({
  started: z.object({}).nullable(),
  hasEnded: z.boolean(),
  isAlive: z.boolean(),
  logs: z.partialRecord(z.enum(stages), z.number()),
  ended: z.array(z.string()),
});
type There = z.infer<typeof stateSchema>;

/** Looks without a sign of the job after which sky is asked what became of it in the queue. */
const looksBeforeAsking = 20;
/** Looks at a job that has neither a process nor a result, after which it is lost. */
const looksOfDead = 3;

/** The jobs on one study's machine. */
export function createJobsThere({ sky, settings, packer, python, gpus }: JobsOptions): JobsThere {
  const misses = new Map<string, number>();
  const firstSeen = new Map<string, number>();

  async function submit(job: Job, record: SkyRecord, held: Held): Promise<SkyRecord> {
    const tried = record.machine === held.hash;
    const parcel = await packer.pack(job);
    const names = parcel.archives.map(({ name }) => `${name}\n`).join('');
    const missing = (await held.shell.call(['missing'], names)).toString('utf8').split('\n');
    for (const { name, file } of parcel.archives) {
      if (missing.includes(name)) await held.shell.put({ file }, `archives/${name}`);
    }
    await held.shell.put({ text: parcel.orders }, `orders/${parcel.ordersName}`);
    const given = { name: record.name, machine: held.hash };
    const found = tried ? (await sky.jobs(held.name)).find(({ name }) => name === record.name) : undefined;
    if (!found) await skyRecords.write(job, given);
    const number = found?.id ?? (await exec(job, record, parcel.ordersName, held));
    const submitted = { ...given, number };
    await skyRecords.write(job, submitted);
    return submitted;
  }

  async function exec(job: Job, { name }: SkyRecord, ordersName: string, held: Held): Promise<number> {
    try {
      return await sky.exec(held.name, name, gpusOfJob(settings, gpus), commandOf(ordersName));
    } catch (error) {
      // Nothing of it has run, so that another machine may have it.
      if (error instanceof NoMachine) await skyRecords.write(job, { name });
      throw error;
    }
  }

  function commandOf(ordersName: string): string {
    return `exec ${quoted([settings.python ?? 'python3'])} ${rootThere}/away_job.py run ${rootThere} ${quoted([ordersName])}`;
  }

  async function look(job: Job, record: SkyRecord, held: Held): Promise<JobState> {
    const orders = await packer.ordersName(job);
    const there = stateSchema.safeParse(parseJson((await held.shell.call(['state', orders])).toString('utf8'))).data;
    if (!there) return lost('the machine tells nothing of it');
    if (there.hasEnded) return takeHome(job, orders, held);
    await fetchLogs(job, orders, there, held);
    if (there.started && there.isAlive) return running(job, there);
    const count = (misses.get(job.folder) ?? 0) + 1;
    misses.set(job.folder, count);
    if (there.started)
      return count < looksOfDead ? running(job, there) : lost('its supervisor is gone and left no result');
    if (count % looksBeforeAsking === 0) return askQueue(job, record, held);
    return { kind: 'queued' };
  }

  function running(job: Job, there: There): JobState {
    const since = firstSeen.get(job.folder) ?? performance.now();
    firstSeen.set(job.folder, since);
    const begun = stages.findLast((name) => there.logs[name] !== undefined);
    const stage = begun !== undefined && !there.ended.includes(begun) ? begun : undefined;
    return { kind: 'running', elapsedSeconds: (performance.now() - since) / 1000, stage };
  }

  /** Why a job that was submitted shows no sign of itself. */
  async function askQueue(job: Job, record: SkyRecord, held: Held): Promise<JobState> {
    const found = (await sky.jobs(held.name)).find(({ name }) => name === record.name);
    if (found && !/^(?:FAILED|CANCELLED|SUCCEEDED)/.test(found.status)) return { kind: 'queued' };
    if (!found || found.status === 'CANCELLED')
      return lost(`it is ${found ? 'cancelled' : 'no longer'} in the queue of ${held.name}`);
    await skyRecords.forget(job);
    throw new SettingsError(
      `Run ${job.id} cannot be started on ${held.name}: ${whyNot(await sky.logEnd(held.name, found.id))}`,
      {
        hint: 'It needs a Python of 3.8 or later there: name it with `skypilot: { python: … }`, or install one in `setup`.',
      },
    );
  }

  async function fetchLogs(job: Job, orders: string, { logs }: There, { shell }: Held): Promise<void> {
    for (const stage of stages) {
      const size = logs[stage];
      if (size === undefined) continue;
      await writeFile(logPath(job, stage), '', { flag: 'a' });
      for (;;) {
        const { size: here } = await stat(logPath(job, stage));
        if (here >= size) break;
        const piece = await shell.call(['log', orders, stage, String(here)]);
        if (piece.length === 0) break;
        await appendFile(logPath(job, stage), piece);
      }
    }
  }

  async function takeHome(job: Job, orders: string, { shell }: Held): Promise<JobState> {
    const archive = join(job.folder, 'home.tar.gz');
    await writeFile(archive, await shell.call(['home', orders]));
    const isWhole = await bringHome(archive, await packer.wayHome(job), python);
    await rm(archive, { force: true });
    const end = await readJobEnd(job);
    return isWhole && end.kind === 'read' ? { kind: 'ended', end: end.value } : lost('what it left came home damaged');
  }

  return {
    submit,
    look,
    cancel: async (job, record, held) => {
      const orders = await packer.ordersName(job);
      await held.shell.call(['cancel', orders]);
      if (isOver(await look(job, record, held))) return;
      if (record.number !== undefined) await sky.cancel(held.name, record.number);
    },
  };
}
