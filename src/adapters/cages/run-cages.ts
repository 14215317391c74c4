/**
 * The cages of one study's jobs: what each may reach follows from the brief, the owner's machine and whose code it runs.
 */

import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Brief } from '../../core/brief/brief.ts';
import type { Job } from '../../ports/engine.ts';
import type { Isolation, Rung } from '../../ports/isolation.ts';
import { gitFolders } from '../git/git-folders.ts';
import { linesNamingPaths } from '../git/text-at.ts';
import { importRoots } from '../python/import-roots.ts';
import { placeOfLink } from '../run-folders/link-paths.ts';
import { type CageSettings, cageJob, cagePrepare } from './cage-job.ts';
import { homeLinksOf } from './home-links.ts';
import { layHome } from './persistent-home.ts';
import { findReach, type Reach } from './reach.ts';
import { readingRung } from './reading-rung.ts';

export interface RunCagesOptions {
  readonly isolation: Isolation;
  readonly brief: Brief;
  readonly interpreter: string;
  /** Absolute `runs/<tag>`. */
  readonly studyFolder: string;
  /** The top level of the owner's repository, and its sandbox, absolute. */
  readonly checkout: string;
  readonly userSandbox: string;
  /** The top level of the repository that has the commit, which for a dry run is another one. */
  readonly root: string;
  /** From the root; so is the next. */
  readonly sandboxInRepository: string;
  readonly include: readonly string[];
  /** The paths under `link:` that lie outside the repository. */
  readonly outside: readonly string[];
  /** The commit that the study starts from: the owner's own. */
  readonly start: string;
  /** Nocturne's own environment, and what of it runs get. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly given: Readonly<Record<string, string>>;
}

export interface RunCages {
  readonly prepare: (job: Job) => Promise<Job>;
  readonly run: (job: Job, about: RunAbout) => Promise<Job>;
}

/** What is to be known of a run. */
export interface RunAbout {
  /** Whether it is a run of the owner's own code before any run of it has ended well. */
  readonly isFirst: boolean;
  /** Files of the training's tree that stay as they are, absolute. */
  readonly fixed: readonly string[];
  readonly scorerWrites: boolean;
}

/** Undefined where runs have the owner's own rights. */
export function createRunCages(options: RunCagesOptions): RunCages | undefined {
  const { rung } = options.isolation;
  return rung && cagesWith(options, rung);
}

function cagesWith(options: RunCagesOptions, rung: Rung): RunCages {
  const { brief, studyFolder, userSandbox } = options;
  const base = join(studyFolder, 'base');
  const homes = { prepare: join(base, 'home-prepare'), baseline: join(base, 'home') };
  const links = brief.link.map((path) => join(userSandbox, path));
  // The files of a run's own repository that all runs share lie in the study's store.
  const store = join(studyFolder, 'repository');
  const shown = [join(base, 'tree'), join(studyFolder, 'data'), ...links];
  let reach: Promise<Reach> | undefined;
  const findOnce = () => {
    reach ??= findReachOf(options);
    return reach;
  };
  let known: { readonly settings: CageSettings; readonly isForFirst: boolean } | undefined;
  /** Found anew for the first run and again after it: what was downloaded until then is shown to later runs. */
  const settingsFor = async (isForFirst: boolean): Promise<CageSettings> => {
    if (known?.isForFirst === isForFirst) return known.settings;
    const found = await findOnce();
    const kept = [homes.baseline, homes.prepare].map((place) => ({ at: '', place, depth: 4, isOwn: true }));
    const settings: CageSettings = {
      rung: readingRung(rung, [studyFolder, options.interpreter, ...shown, ...found.caches]),
      interpreter: options.interpreter,
      around: [...found.around, store, homes.prepare, homes.baseline],
      homeLinks: homeLinksOf([...kept, ...found.shown]),
      caches: found.cachesByVariable,
      shown,
      privateFolder: join(studyFolder, 'private'),
      given: options.given,
    };
    known = { settings, isForFirst };
    return settings;
  };
  return {
    prepare: async (job) => {
      const found = await findOnce();
      // An owner without one has downloaded nothing yet: what `prepare` downloads is for the next study too.
      await mkdir(found.cache).catch(() => {});
      await layHome(homes.prepare, found.homeOfPrepare);
      const write = [base, ...shown, join(studyFolder, 'private'), ...found.caches, found.cache];
      return cagePrepare(await settingsFor(true), job, {
        home: homes.prepare,
        aroundPrepare: found.aroundPrepare,
        write,
      });
    },
    run: async (job, { isFirst, fixed, scorerWrites }) => {
      const settings = await settingsFor(isFirst);
      if (isFirst) await layHome(homes.baseline, settings.homeLinks);
      const network = brief.network || (isFirst && brief.form === 'karpathy');
      const ownersHome = isFirst ? homes.baseline : undefined;
      return cageJob(settings, job, { fixed, network, scorerWrites, ownersHome });
    },
  };
}

async function findReachOf(options: RunCagesOptions): Promise<Reach> {
  const { brief, checkout, sandboxInRepository, include, start, studyFolder, environment, given, interpreter } =
    options;
  const commands = [brief.prepare, brief.train, brief.score].flatMap((argv) => argv ?? []);
  const [lines, git, imports] = await Promise.all([
    linesNamingPaths(options.root, start, [sandboxInRepository, ...include]),
    gitFolders(checkout),
    importRoots(interpreter, given),
  ]);
  return findReach({
    environment,
    given,
    checkout,
    closed: [
      ...git,
      join(checkout, 'runs'),
      ...(basename(dirname(studyFolder)) === 'runs' ? [dirname(studyFolder)] : []),
      studyFolder,
    ],
    arguments: commands,
    words: [...commands, lines].join('\n'),
    links: options.outside.map((path) => placeOfLink(path, options.userSandbox)),
    imports,
  });
}
