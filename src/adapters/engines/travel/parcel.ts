/**
 * Packs a job for another machine: archives named by their content, and the orders that say what is to be done with them there.
 *
 * The study's data, our own programs and the like have archives of their own, which stay as long as their content does: each is sent
 * once. What only a scorer may see travels only with a job that scores or prepares.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { ok } from '../../../core/base/errors.ts';
import type { Brief } from '../../../core/brief/brief.ts';
import { isOutside } from '../../../core/journal/settings/brief-path.ts';
import type { Job } from '../../../ports/engine.ts';
import { pathInside } from '../../files/path-inside.ts';
import { contentOf, readJson } from '../../files/read-json.ts';
import { writeWhole } from '../../files/write-whole.ts';
import { packagePath } from '../../package-root.ts';
import { allowedNames } from '../../run-folders/allowed-names.ts';
import { carriedBy, leftBy, placeThere, studyId } from './job-places.ts';
import { recordFiles } from './job-records.ts';
import { type Place, specThere, tokens } from './rewrite.ts';

/** What travels for one study. */
export interface PackerOptions {
  /** Absolute `runs/<tag>`; the archives lie in its folder `travel`. */
  readonly studyFolder: string;
  /** The top level of the owner's repository, absolute, and the sandbox in it. */
  readonly root: string;
  readonly userSandbox: string;
  readonly brief: Pick<Brief, 'link' | 'env' | 'metric'>;
  /** Absolute path of the python that runs use here. */
  readonly python: string;
  /** The python that they use there; the one that starts the job there where it is absent. */
  readonly pythonThere?: string | undefined;
  /** The python that packs and unpacks here; default: the same as of runs. */
  readonly packWith?: string | undefined;
  /** Default: this process's own. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

const kinds = ['programs', 'data', 'private', 'job'] as const;

/** A tar.gz by its content. */
export interface Archive {
  /** `<sha256>.tar.gz` */
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  readonly bytes: number;
  readonly kind: (typeof kinds)[number];
}

/** A job that is packed. */
export interface Parcel {
  readonly archives: readonly Archive[];
  /** What `away_job.py` reads: its text, the file here that has it, and its name in the folder `orders` there. */
  readonly orders: string;
  readonly ordersFile: string;
  readonly ordersName: string;
  /** The job's folder there, below the root. */
  readonly folder: string;
}

/** Packs the jobs of one study. */
export interface Packer {
  readonly pack: (job: Job) => Promise<Parcel>;
  /** The name of the orders of a job, also of one that was packed by an earlier process. */
  readonly ordersName: (job: Pick<Job, 'folder'>) => Promise<string>;
  /** The parcel of a job that was packed before, by this process or an earlier one. */
  readonly packed: (job: Pick<Job, 'folder'>) => Promise<Parcel | undefined>;
  /** Removes the job's own archive, which nobody needs once the job is home; with its orders, also that it was ever packed. */
  readonly forget: (job: Pick<Job, 'folder'>, what: 'archive' | 'all') => Promise<void>;
  /** Where what the job leaves comes from and goes to, for `bringHome`. */
  readonly wayHome: (job: Job) => Promise<WayHome>;
}

export interface WayHome {
  /** The job's folder there, below the root. */
  readonly folder: string;
  /** [there, here]: what is brought home. */
  readonly places: readonly (readonly [string, string])[];
  /** [there, here]: what the paths of the result mean here. */
  readonly paths: readonly (readonly [string, string])[];
}

/** Where our own programs lie, here and in every archive of them. */
const programs = packagePath('src', 'python');
const skipped = ['__pycache__'];
/** What the supervisor and the engine leave of an earlier try, and what belongs to this machine. */
const skippedOfJob = [
  ...['spec.json', 'run.lock', 'supervisor.log', 'away-here.json', 'started.json', 'result.json', 'tmp'],
  ...recordFiles,
  ...['prepare', 'train', 'score'].flatMap((stage) => [`${stage}.log`, `${stage}.ended`, `${stage}-imports.tsv`]),
];

/** What is read again of the orders that an earlier process may have written. */
const ordersSchema = z.object({
  folder: z.string(),
  archives: z.array(z.object({ name: z.string(), at: z.string().nullable(), bytes: z.number(), kind: z.enum(kinds) })),
  paths: z.array(z.tuple([z.string(), z.string()])),
});

const packedSchema = z.object({
  job: z.object({ name: z.string(), bytes: z.number() }),
  kept: z.array(z.object({ here: z.string(), there: z.string(), at: z.string(), name: z.string(), bytes: z.number() })),
});

/** A packer for the study's jobs. */
export function createPacker(options: PackerOptions): Packer {
  const { studyFolder, root, userSandbox, brief, python, packWith = python, environment = process.env } = options;
  const folder = join(studyFolder, 'travel');
  let id: Promise<string> | undefined;
  const studyPlace = async (): Promise<Place> => {
    id ??= studyId(folder);
    return { here: studyFolder, there: `jobs/${await id}` };
  };
  const ordersNameOf = (there: string) => `${createHash('sha256').update(there).digest('hex').slice(0, 24)}.json`;
  const links = brief.link.filter((path) => !isOutside(path)).map((path) => join(userSandbox, path));

  const keptOf = (job: Job, carried: readonly string[]) => {
    const needsPrivate = job.stages.some(({ env }) => env.NOCTURNE_PRIVATE_DIR !== undefined);
    const all = [
      { here: programs, kind: 'programs' as const },
      ...[join(studyFolder, 'data'), join(studyFolder, 'base', 'tree'), join(studyFolder, 'repository'), ...links].map(
        (here) => ({ here, kind: 'data' as const }),
      ),
      ...(needsPrivate ? [{ here: join(studyFolder, 'private'), kind: 'private' as const }] : []),
    ];
    const isOwn = (here: string) => carried.some((each) => pathInside(each, here) !== undefined);
    return all.filter(({ here }) => !isOwn(here) && existsSync(here));
  };

  const ordersName = async (job: Pick<Job, 'folder'>) => ordersNameOf(placeThere(await studyPlace(), job.folder));
  const ordersFileOf = async (job: Pick<Job, 'folder'>) => join(folder, 'orders', await ordersName(job));
  const packed = async (job: Pick<Job, 'folder'>): Promise<Parcel | undefined> => {
    const ordersFile = await ordersFileOf(job);
    const orders = await readOrders(ordersFile);
    if (orders === undefined) return undefined;
    return {
      archives: orders.archives.map(({ name, bytes, kind }) => ({ name, bytes, kind, file: join(folder, name) })),
      orders: await readFile(ordersFile, 'utf8'),
      ordersFile,
      ordersName: await ordersName(job),
      folder: orders.folder,
    };
  };

  return {
    ordersName,
    packed,
    forget: async (job, what) => {
      const parcel = await packed(job);
      for (const { file } of parcel?.archives.filter(({ kind }) => kind === 'job') ?? [])
        await rm(file, { force: true });
      if (what === 'all' && parcel) await rm(parcel.ordersFile, { force: true });
    },
    wayHome: async (job) => {
      const study = await studyPlace();
      const carried = carriedBy(job);
      const left = [job.folder, ...leftBy(job, brief)].map((here) => [placeThere(study, here, carried), here] as const);
      const orders = await readOrders(await ordersFileOf(job));
      return { folder: placeThere(study, job.folder), places: left, paths: orders?.paths ?? [] };
    },
    pack: async (job) => {
      await mkdir(folder, { recursive: true });
      const study = await studyPlace();
      const carried = carriedBy(job);
      const kept = keptOf(job, carried);
      const own = carried.map((here) => ({ here, there: placeThere(study, here) }));
      const plan = {
        entries: own.filter(({ here }) => existsSync(here)).map(({ here, there }) => [here, there]),
        kept: kept.map(({ here }) => ({ here, skip: [...skipped, ...(here === programs ? [] : ['.git'])] })),
        places: own.map(({ here, there }) => [here, there]),
        skip: skipped,
        skipTop: skippedOfJob,
      };
      const { stdout } = await execa(packWith, ['-I', '-S', packagePath('src', 'python', 'parcel.py'), folder], {
        input: JSON.stringify(plan),
      });
      const found = packedSchema.parse(JSON.parse(stdout));
      const jobThere = placeThere(study, job.folder);
      const crossing = {
        places: [...found.kept, ...own, study, { here: root, there: `${study.there}/checkout` }],
        python,
        environment,
        passed: brief.env,
      };
      const travelling = [...found.kept, ...own];
      const spec = specThere({ ...job, sealed: sealedIn(job, travelling) }, crossing);
      const kindOf = (here: string) => kept.find((each) => each.here === here)?.kind ?? 'data';
      const orders = {
        folder: jobThere,
        archives: [
          ...found.kept.map(({ name, at, bytes, here }) => ({ name, at, bytes, kind: kindOf(here) })),
          { ...found.job, at: null, kind: 'job' as const },
        ],
        spec,
        programs: `${tokens.root}/${found.kept.find(({ here }) => here === programs)?.there}`,
        inherit: allowedNames,
        keep: [
          { at: jobThere, whole: false },
          ...leftBy(job, brief).map((here) => ({ at: placeThere(study, here, carried), whole: true })),
        ],
        own: own.map(({ there }) => there),
        ...(options.pythonThere === undefined ? {} : { python: options.pythonThere }),
        paths: travelling.map(({ here, there }) => [there, here] as const),
      };
      await mkdir(join(folder, 'orders'), { recursive: true });
      await writeWhole(await ordersFileOf(job), JSON.stringify(orders));
      const parcel = await packed(job);
      ok(parcel, 'a job that was packed has a parcel');
      return parcel;
    },
  };
}

async function readOrders(file: string) {
  return contentOf(await readJson(file, ordersSchema));
}

function sealedIn({ sealed = [] }: Job, places: readonly Place[]) {
  return sealed.filter(({ place }) => places.some(({ here }) => pathInside(here, place) !== undefined));
}
