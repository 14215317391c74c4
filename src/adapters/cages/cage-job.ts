/**
 * Puts a cage around each stage of a job: what it may read and write, and a home of its own.
 *
 * A study's own code, `prepare` and the baseline's first run, may write the data that it is shown: what it makes there is the
 * study's. A candidate may not.
 */
import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Job, Stage } from '../../ports/engine.ts';
import type { Cage, Rung } from '../../ports/isolation.ts';
import { makeFile } from '../files/make-file.ts';
import { hasFileRules, ownersRung } from '../isolation/lower-rung.ts';
import { packagePath } from '../package-root.ts';
import { cageVariables, offlineVariables, runFolderOf, scratchFolders } from './cage-variables.ts';
import type { HomeLinks } from './home-links.ts';

type Variables = Readonly<Record<string, string>>;

/** What the cages of a study's runs have in common. */
export interface CageSettings {
  readonly rung: Rung;
  /** Absolute path of the study's Python. */
  readonly interpreter: string;
  /** What runs read where it is there, besides what they are shown; absolute. */
  readonly around: readonly string[];
  readonly homeLinks: HomeLinks;
  /** Variables that name a folder of downloads, with its path in a home. */
  readonly caches: Variables;
  /** What runs are shown of the study's data and of the owner's files; absolute. */
  readonly shown: readonly string[];
  /** The data that only the scorer sees, absolute. */
  readonly privateFolder: string;
  /** The variables that a run has without a cage. */
  readonly given: Variables;
}

/** In the folder of a scorer's job: a line for each process of the candidate's model that entered its cage. */
export const markOfModel = 'model-caged.json';

/** What is different from run to run. */
export interface Caged {
  /** Files of the training's tree that stay as they are, absolute. */
  readonly fixed: readonly string[];
  /** For the owner's own code: the home that stays, absolute. */
  readonly ownersHome?: string | undefined;
  readonly network: boolean;
  /** Whether the scorer is known to write into its own tree. */
  readonly scorerWrites: boolean;
}

/** The job with a cage around its stages; makes the files to which a stage only adds. */
export async function cageJob(settings: CageSettings, job: Job, caged: Caged): Promise<Job> {
  const stages: Stage[] = [];
  for (const stage of job.stages) {
    stages.push(
      await (stage.name === 'score'
        ? cageScoring(settings, job.folder, stage, caged)
        : cageTraining(settings, job.folder, stage, caged)),
    );
  }
  return { ...job, stages };
}

async function cageTraining(settings: CageSettings, folder: string, stage: Stage, caged: Caged): Promise<Stage> {
  const { rung, around, shown, homeLinks, given } = settings;
  const { fixed, ownersHome, network } = caged;
  const run = runFolderOf(stage.env);
  const home = join(folder, 'home');
  const own = ['work', 'data/work', 'output', 'caches'].map((name) => join(run, name));
  const written = [
    ...own,
    ...(await openScratch(stage.env, given)),
    ...(ownersHome === undefined ? [] : [ownersHome, ...shown]),
  ];
  const cage: Cage = {
    rung: ownersHome === undefined ? rung : ownersRung(rung),
    read: [],
    around: [...around, ...shown],
    write: [...written.filter((path) => existsSync(path)), ...(await makeRecords(stage.env))],
    fixed: ownersHome === undefined ? fixed : [],
    home,
    homeLinks,
    network,
  };
  return { ...stage, cage, env: { ...stage.env, ...variablesFor(settings, stage.env, ownersHome ?? home, network) } };
}

/** The scorer reads the private data, so it has no network whatever the brief allows. */
async function cageScoring(settings: CageSettings, folder: string, stage: Stage, caged: Caged): Promise<Stage> {
  const { rung, around, shown, homeLinks, given, privateFolder } = settings;
  const run = runFolderOf(stage.env);
  const home = join(folder, 'home-score');
  const mark = join(folder, markOfModel);
  const policy = join(folder, 'model-cage.json');
  const own = ['score', 'data/score', 'output'].map((name) => join(run, name));
  const model: Cage & { readonly mark: string } = {
    rung,
    read: [],
    around: [...around, ...shown, ...own],
    write: [],
    home: join(home, 'model'),
    homeLinks,
    network: false,
    mark,
  };
  await writeFile(policy, JSON.stringify(model));
  await makeFile(mark);
  const launcher = packagePath('src', 'python', 'cage_launch.py');
  const launch = [settings.interpreter, '-I', '-S', launcher, policy, '--'];
  const env = { ...stage.env, NOCTURNE_CAGED: JSON.stringify(launch) };
  // Without rules on files a cage in a cage would separate nothing: the model is kept from the scorer by its own one.
  if (!hasFileRules(rung)) return { ...stage, env };
  const isOwners = caged.ownersHome !== undefined;
  const trees = ['score', 'data/score'].map((name) => join(run, name));
  const written = [join(run, 'output'), ...(isOwners || caged.scorerWrites ? [...trees, privateFolder, ...shown] : [])];
  const bytecode = [stage.env.PYTHONPYCACHEPREFIX].filter((path) => path !== undefined);
  const cage: Cage = {
    rung: isOwners ? ownersRung(rung) : rung,
    read: [policy],
    around: [...around, ...shown, privateFolder, ...own, ...bytecode],
    write: [
      ...[...written, ...(await openScratch(stage.env, given))].filter((path) => existsSync(path)),
      mark,
      ...(await makeRecords(stage.env)),
    ],
    home,
    homeLinks,
    network: false,
  };
  return { ...stage, cage, env: { ...env, ...variablesFor(settings, env, home, false) } };
}

/** `prepare` is the owner's own code: it has the network, the owner's keys, and may fill the owner's caches. */
export async function cagePrepare(
  settings: CageSettings,
  job: Job,
  may: { readonly home: string; readonly aroundPrepare: readonly string[]; readonly write: readonly string[] },
): Promise<Job> {
  const stages: Stage[] = [];
  for (const stage of job.stages) {
    const { env } = stage;
    const cage: Cage = {
      rung: ownersRung(settings.rung),
      read: [],
      around: [...settings.around, ...may.aroundPrepare],
      write: [...[...may.write, may.home].filter((path) => existsSync(path)), ...(await makeRecords(env))],
      home: join(job.folder, 'home'),
      network: true,
    };
    stages.push({ ...stage, cage, env: { ...env, ...cageVariables(env, may.home, { ...settings, caches: {} }) } });
  }
  return { ...job, stages };
}

function variablesFor(settings: CageSettings, env: Variables, home: string, network: boolean): Variables {
  return { ...cageVariables(env, home, settings), ...(network ? {} : offlineVariables(env)) };
}

/** Makes the folders for what a stage writes beside its own, so that another user reaches them. */
async function openScratch(env: Variables, given: Variables): Promise<string[]> {
  const folders = scratchFolders(env, given);
  for (const folder of folders) await mkdir(folder, { recursive: true });
  const { TMPDIR } = env;
  // What lies in it is closed to all but the stage's user.
  if (TMPDIR !== undefined && folders.includes(TMPDIR)) await chmod(dirname(TMPDIR), 0o711);
  return folders;
}

/** The files in which a stage's processes record what they do, which lie beside its logs: they may write these alone. */
async function makeRecords({ NOCTURNE_IMPORTS }: Variables): Promise<string[]> {
  const records = [NOCTURNE_IMPORTS].flatMap((path) => (path === undefined ? [] : [path]));
  for (const path of records) await makeFile(path);
  return records;
}
