/**
 * Packs a job for another machine: archives named by their content, and the orders that say what is to be done with them there.
 *
 * The study's data, our own programs and the like have archives of their own, which stay as long as their content does: each is sent
 * once. What only a scorer may see travels only with a job that scores or prepares.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import type { Brief } from '../../../core/brief/brief.ts';
import { isOutside } from '../../../core/journal/settings/brief-path.ts';
import type { Job } from '../../../ports/engine.ts';
import { pathInside } from '../../files/path-inside.ts';
import { contentOf, readJson } from '../../files/read-json.ts';
import { writeWhole } from '../../files/write-whole.ts';
import { packagePath } from '../../package-root.ts';
import { allowedNames } from '../../run-folders/allowed-names.ts';
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

/** A tar.gz by its content. */
export interface Archive {
  /** `<sha256>.tar.gz` */
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  readonly bytes: number;
  readonly kind: 'programs' | 'data' | 'private' | 'job';
}

/** A job that is packed. */
export interface Parcel {
  readonly archives: readonly Archive[];
  /** The file that `away_job.py` reads, and its name in the folder `orders` there. */
  readonly orders: string;
  readonly ordersName: string;
  /** The job's folder there, below the root. */
  readonly folder: string;
}

/** Packs the jobs of one study. */
export interface Packer {
  readonly pack: (job: Job) => Promise<Parcel>;
  /** The name of the orders of a job, also of one that was packed by an earlier process. */
  readonly ordersName: (job: Pick<Job, 'folder'>) => Promise<string>;
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
  ...['spec.json', 'run.lock', 'supervisor.log', 'away.json', 'away-here.json', 'started.json', 'result.json', 'tmp'],
  ...['prepare', 'train', 'score'].flatMap((stage) => [`${stage}.log`, `${stage}.ended`, `${stage}-imports.tsv`]),
];

/** What is read again of the orders that an earlier process may have written. */
const ordersSchema = z.object({ paths: z.array(z.tuple([z.string(), z.string()])) });

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

  return {
    ordersName: async ({ folder: jobFolder }) => ordersNameOf(placeThere(await studyPlace(), jobFolder)),
    wayHome: async (job) => {
      const study = await studyPlace();
      const orders = await readJson(join(folder, 'orders', ordersNameOf(placeThere(study, job.folder))), ordersSchema);
      const left = [job.folder, ...leftBy(job, brief)].map((here) => [placeThere(study, here), here] as const);
      return { folder: placeThere(study, job.folder), places: left, paths: contentOf(orders)?.paths ?? [] };
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
      const packed = packedSchema.parse(JSON.parse(stdout));
      const jobThere = placeThere(study, job.folder);
      const crossing = {
        places: [...packed.kept, ...own, study, { here: root, there: `${study.there}/checkout` }],
        python,
        environment,
        passed: brief.env,
      };
      const travelling = [...packed.kept, ...own];
      const spec = specThere({ ...job, sealed: sealedIn(job, travelling) }, crossing);
      const orders = {
        folder: jobThere,
        archives: [...packed.kept.map(({ name, at }) => ({ name, at })), { name: packed.job.name, at: null }],
        spec,
        programs: `${tokens.root}/${packed.kept.find(({ here }) => here === programs)?.there}`,
        inherit: allowedNames,
        keep: [
          { at: jobThere, whole: false },
          ...leftBy(job, brief).map((here) => ({ at: placeThere(study, here), whole: true })),
        ],
        ...(options.pythonThere === undefined ? {} : { python: options.pythonThere }),
        paths: travelling.map(({ here, there }) => [there, here] as const),
      };
      const ordersName = ordersNameOf(jobThere);
      await mkdir(join(folder, 'orders'), { recursive: true });
      await writeWhole(join(folder, 'orders', ordersName), JSON.stringify(orders));
      const kindOf = (here: string) => kept.find((each) => each.here === here)?.kind ?? 'data';
      return {
        archives: [
          ...packed.kept.map(({ name, bytes, here }) => ({
            name,
            bytes,
            file: join(folder, name),
            kind: kindOf(here),
          })),
          { ...packed.job, file: join(folder, packed.job.name), kind: 'job' as const },
        ],
        orders: JSON.stringify(orders),
        ordersName,
        folder: jobThere,
      };
    },
  };
}

function sealedIn({ sealed = [] }: Job, places: readonly Place[]) {
  return sealed.filter(({ place }) => places.some(({ here }) => pathInside(here, place) !== undefined));
}

/** Where a folder of the study lies there; one from elsewhere gets a place of its own. */
function placeThere(study: Place, here: string): string {
  const inside = pathInside(study.here, here);
  if (inside === '') return study.there;
  if (inside !== undefined) return `${study.there}/${inside}`;
  return `${study.there}/outside/${createHash('sha256').update(here).digest('hex').slice(0, 12)}/${basename(here)}`;
}

/** The folders that are the job's own: it may write to them. */
function carriedBy(job: Job): readonly string[] {
  const named = job.stages.flatMap(({ name, folder, env }) => [
    env.NOCTURNE_TREE ?? folder,
    env.NOCTURNE_RUN_DIR,
    env.NOCTURNE_DATA_DIR,
    name === 'prepare' ? env.NOCTURNE_PRIVATE_DIR : undefined,
  ]);
  const all = [...new Set([job.folder, ...named.flatMap((each) => each ?? [])])];
  return all.filter((one) => !all.some((other) => other !== one && pathInside(other, one) !== undefined));
}

/** What the job leaves besides its logs: what training saved, the file with the metric, and all that `prepare` made. */
function leftBy(job: Job, { metric }: PackerOptions['brief']): readonly string[] {
  const places = job.stages.flatMap(({ name, folder, env }) => {
    if (name === 'prepare') return [env.NOCTURNE_TREE ?? folder, env.NOCTURNE_DATA_DIR, env.NOCTURNE_PRIVATE_DIR];
    return [env.NOCTURNE_RUN_DIR, ...(name === 'train' && metric.file ? [join(folder, metric.file)] : [])];
  });
  return [...new Set(places.flatMap((each) => each ?? []))];
}

/** The study's name on other machines: two studies in folders of one name must not meet there. */
async function studyId(folder: string): Promise<string> {
  const path = join(folder, 'id');
  const made = randomBytes(6).toString('hex');
  await mkdir(folder, { recursive: true });
  await writeFile(path, made, { flag: 'wx' }).catch(() => {});
  return readFile(path, 'utf8');
}
