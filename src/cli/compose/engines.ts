/**
 * The engines: one line for each of the names in `core/base/names.ts`.
 */
import { colabJobs } from '../../adapters/engines/colab/colab.ts';
import { machinesOf, releaseMachines } from '../../adapters/engines/colab/leftovers.ts';
import { colabOffer } from '../../adapters/engines/colab/offer.ts';
import { colabTerms, openColab } from '../../adapters/engines/colab/open-colab.ts';
import { type EngineRoom, roomUnknown } from '../../adapters/engines/engine-room.ts';
import { localJobs } from '../../adapters/engines/job-files.ts';
import { createLocalEngine } from '../../adapters/engines/local.ts';
import { openRay, roomOfRay } from '../../adapters/engines/ray/open-ray.ts';
import { rayJobs } from '../../adapters/engines/ray/ray-engine.ts';
import {
  giveBackLeftovers,
  leftoversOf,
  offerOf,
  openSkypilot,
} from '../../adapters/engines/skypilot/open-skypilot.ts';
import { skyJobs } from '../../adapters/engines/skypilot/sky-engine.ts';
import { createSlurmEngine, roomOfSlurm } from '../../adapters/engines/slurm/slurm.ts';
import { awayJobs } from '../../adapters/engines/travel/away-record.ts';
import { createPacker } from '../../adapters/engines/travel/parcel.ts';
import type { EngineName } from '../../core/base/names.ts';
import type { Brief } from '../../core/brief/brief.ts';
import type { Engine, JobReader } from '../../ports/engine.ts';

/** What an engine's opener is given. All paths are absolute. */
export interface EngineOptions {
  /** The python that runs use. */
  readonly python: string;
  readonly brief: Brief;
  /** `runs/<tag>` */
  readonly studyFolder: string;
  /** The top level of the owner's repository, and the sandbox in it. */
  readonly root: string;
  readonly userSandbox: string;
  /** How many jobs the study wants in flight at once. */
  readonly slots: number;
  /** Tells the owner of what the engine waits for. */
  readonly tell: (message: string) => void;
}

/** What an engine would rent for a study. */
export interface Offer {
  /** Such as `a T4 of Colab`. */
  readonly what: string;
  /** In words, `unknown` where it is; never 0 for want of knowledge. */
  readonly price: string;
  /** US dollars per hour, where that is known. */
  readonly usd?: number;
  /** Whether the brief itself agrees to it. */
  readonly isAgreed?: boolean;
  /** How a brief agrees to it, such as `skypilot: { consent: true }`. */
  readonly consentHint?: string;
}

/** How an engine that costs money is asked about, and what it left is given back. */
interface Rents {
  /** What it would rent now. A SettingsError where there is no such thing. */
  readonly offer: (options: EngineOptions) => Promise<Offer>;
  /** Names of what is rented for the study, or may be; asks nobody. */
  readonly leftovers: (studyFolder: string) => Promise<readonly string[]>;
  /** Gives that back; the names of it. Tells what may be left, and throws nothing. */
  readonly giveBack: (studyFolder: string, tell: (message: string) => void) => Promise<readonly string[]>;
}

interface EngineOpener {
  readonly open: (options: EngineOptions) => Engine;
  /** Reads its jobs for the commands that only show, such as `watch` and `report`; starts nothing. */
  readonly jobs: JobReader;
  /** Whether runs are on another machine than the controller, whose cages and GPUs are none of this machine's. */
  readonly isAway: boolean;
  /** How many runs it could start now, for `slots: auto`; absent for this machine, whose parts are dealt. `inFlight` it has already. */
  readonly room?: (brief: Brief, inFlight: number) => Promise<EngineRoom>;
  /** Present where runs cost money. */
  readonly rents?: Rents;
}

/** How to open each engine. */
export const engineOpeners: Readonly<Record<EngineName, EngineOpener>> = {
  local: { open: createLocalEngine, jobs: localJobs, isAway: false },
  slurm: {
    open: createSlurmEngine,
    jobs: awayJobs,
    isAway: true,
    room: (brief, inFlight) => roomOfSlurm({ brief, inFlight }),
  },
  ray: {
    open: openRayFor,
    jobs: rayJobs,
    isAway: true,
    room: (brief, inFlight) => roomOfRay(raySettings(brief), process.env, inFlight),
  },
  skypilot: {
    open: openSkypilotFor,
    jobs: skyJobs,
    isAway: true,
    room: async () => roomUnknown('more are for you to ask for, since what is rented costs money'),
    rents: {
      offer: ({ brief, studyFolder }) => offerOf(brief.skypilot ?? {}, studyFolder),
      leftovers: leftoversOf,
      giveBack: giveBackLeftovers,
    },
  },
  colab: {
    open: openColabFor,
    jobs: colabJobs,
    isAway: true,
    room: async () =>
      roomUnknown('each slot is a machine of its own, which costs compute units; a number asks for more'),
    rents: {
      offer: ({ brief, slots }) =>
        colabOffer({ ...colabTerms(brief.colab ?? {}), machines: slots, environment: process.env }),
      leftovers: machinesOf,
      giveBack: (studyFolder, tell) => releaseMachines(studyFolder, process.env, tell),
    },
  },
};

function openColabFor(options: EngineOptions): Engine {
  return openColab({ ...options, settings: options.brief.colab ?? {}, environment: process.env });
}

function openRayFor(options: EngineOptions): Engine {
  return openRay({ ...options, settings: raySettings(options.brief), environment: process.env });
}

function raySettings({ gpus, ray }: Brief) {
  return { gpus, ...ray };
}

function openSkypilotFor(options: EngineOptions): Engine {
  const { brief, studyFolder, python, slots, tell } = options;
  const settings = brief.skypilot ?? {};
  const packer = createPacker({ ...options, pythonThere: settings.python });
  return openSkypilot({ settings, packer, studyFolder, python, slots, gpus: brief.gpus ?? 1, tell });
}

/** Finds no job and no log: for a study of a later version, whose engine this version lacks. */
const noJobs: JobReader = { wasStarted: async () => false, readLogEnd: async () => '' };

/** A reader for the jobs of the engine that a study's journal names; starts nothing. */
export function openJobReader(engine: string): JobReader {
  const found = Object.entries(engineOpeners).find(([name]) => name === engine);
  return found?.[1].jobs ?? noJobs;
}
