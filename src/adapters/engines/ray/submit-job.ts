/**
 * Sends what a job needs to the cluster, and submits it.
 */

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Job } from '../../../ports/engine.ts';
import { packagePath } from '../../package-root.ts';
import type { Archive, Packer, Parcel } from '../travel/parcel.ts';
import { quoted } from '../travel/quoted.ts';
import { type Entry, entryOf, packageOf, partsOf, type RayPackage } from './package-file.ts';
import type { RayApi, Submission } from './ray-api.ts';
import { type RayRecord, rayRecords, submissionId } from './ray-record.ts';
import { type RaySettings, reservationOf, unusedGpus, whyNoRoom } from './ray-settings.ts';

interface SubmitterOptions {
  readonly api: RayApi;
  readonly settings: RaySettings;
  readonly packer: Packer;
  readonly study: string;
  /** Most bytes that come back of what training saved. */
  readonly outputBytes: number;
  readonly tell: (message: string) => void;
}

/** Submits jobs, or finds those that were. */
export interface Submitter {
  /** The record once Ray has the job; rejects with `Unreachable`, and can then be tried again. */
  readonly submit: (job: Job, record: RayRecord) => Promise<RayRecord>;
}

/** A submitter to one cluster. */
export function createSubmitter(options: SubmitterOptions): Submitter {
  const { api, settings, packer, study, outputBytes, tell } = options;
  const made = new Map<string, Promise<readonly RayPackage[]>>();
  let isTold = false;

  async function tellOfRoom(): Promise<void> {
    if (isTold) return;
    isTold = true;
    const nodes = await api.nodes();
    const why = whyNoRoom(settings, nodes);
    if (why !== undefined) tell(`No run can start on the Ray cluster as it is: ${why}. They wait until one has.`);
    const gpus = unusedGpus(settings, nodes);
    if (gpus > 0) {
      tell(
        `The Ray cluster has ${gpus} GPUs, but runs reserve none and see none: \`ray: { gpus: 1 }\` gives each one.`,
      );
    }
  }

  /** The packages of an archive; the same archive, by its name, is read once. */
  function packagesOf({ name, file, bytes, kind }: Archive): Promise<readonly RayPackage[]> {
    const make = () => Promise.all(partsOf(file, name, bytes).map((part) => packageOf([part])));
    if (kind === 'job') return make();
    const known = made.get(name) ?? make();
    made.set(name, known);
    return known;
  }

  return {
    submit: async (job, record) => {
      const id = submissionId(record);
      const { session_name: session } = await api.version();
      const submitted = { ...record, isSubmitted: true, session };
      if (!(await api.find(id))) {
        await tellOfRoom();
        const parcel = await packer.pack(job);
        const programs = await packageOf(await programEntries());
        const orders = await packageOf([entryOf(parcel.ordersName, parcel.orders)]);
        const archives = (await Promise.all(parcel.archives.map(packagesOf))).flat();
        for (const each of [programs, orders, ...archives]) await api.send(each);
        const modules = [orders, ...archives].map(uriOf);
        await api.submit({
          submission_id: id,
          entrypoint: entrypointOf(settings, id, parcel, outputBytes),
          ...reservationOf(settings),
          runtime_env: { ...settings.runtime_env, working_dir: uriOf(programs), py_modules: modules },
          metadata: { nocturne_study: study, nocturne_job: job.id },
        } satisfies Submission);
      }
      await rayRecords.write(job, submitted);
      return submitted;
    },
  };
}

function uriOf({ name }: RayPackage): string {
  return `gcs://${name}`;
}

function entrypointOf(settings: RaySettings, id: string, { ordersName }: Parcel, outputBytes: number): string {
  const { python = 'python3', folder = '', gpus = 0 } = settings;
  const words = [python, 'ray_job.py', folder, id, ordersName, String(gpus), String(outputBytes)];
  return `exec ${quoted(words)}`;
}

/** The programs with which a job begins on a node; the supervisor and its parts are in an archive of the parcel. */
async function programEntries(): Promise<readonly Entry[]> {
  const names = ['ray_job.py', 'away_job.py'];
  return Promise.all(names.map(async (name) => fileEntry(name, packagePath('src', 'python', name))));
}

async function fileEntry(name: string, file: string): Promise<Entry> {
  const { size } = await stat(file);
  return { name, bytes: size, open: () => (size === 0 ? Readable.from([]) : createReadStream(file)) };
}
