/**
 * The one machine that a study rents through sky: noted before it is asked for, launched when a run needs it and again when it
 * vanished, given back at every end of the study.
 */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { SettingsError } from '../../../core/base/errors.ts';
import { contentOf, readJson } from '../../files/read-json.ts';
import { writeWhole } from '../../files/write-whole.ts';
import { packagePath } from '../../package-root.ts';
import { forgetRented, readRented, writeRented } from '../rented.ts';
import { type Sky, SkyTrouble } from './sky-cli.ts';
import { boundOf, idleMinutes, type SkySettings, taskOf } from './sky-settings.ts';
import { NoAnswer, type SkyShell } from './sky-shell.ts';
import type { SkyChoice, SkyCluster } from './sky-texts.ts';

/** A machine that is up. */
export interface Held {
  readonly name: string;
  /** Another one for each machine, also of one name. */
  readonly hash: string;
  readonly shell: SkyShell;
}

export type Need = { readonly kind: 'up'; readonly held: Held } | { readonly kind: 'waiting'; readonly why: string };

export interface SkyMachine {
  /** The machine, or why there is none yet; asks for one in the background. Throws a SettingsError when the owner has to mend something. */
  readonly need: () => Need;
  /** The machine, where this process has one; asks for none. */
  readonly held: () => Held | undefined;
  /** Gives back one that an earlier process left, with all that runs on it; false where this process has one, or is about to. */
  readonly endLeftover: () => Promise<boolean>;
  /** Asks the cloud whether the machine is there still; forgets it, so that the next need launches another, where it is not. */
  readonly hasVanished: (held: Held) => Promise<boolean>;
  readonly giveBack: () => Promise<void>;
  /** Starts giving it back in a process that outlives this one. */
  readonly abandon: () => void;
}

export interface MachineOptions {
  readonly sky: Sky;
  readonly settings: SkySettings;
  /** Absolute `runs/<tag>`. */
  readonly studyFolder: string;
  readonly tell: (message: string) => void;
  /** Opens a shell on the machine of this name. */
  readonly openShell: (name: string) => Promise<SkyShell>;
  /** Seconds from one refusal of a machine to the next try: the first, and the most. */
  readonly patience?: { readonly first: number; readonly most: number };
}

/** Under this name notes say what is rented. */
export const engineName = 'skypilot';
const usualPatience = { first: 30, most: 600 };

/** The machine of a study. */
export function createSkyMachine(options: MachineOptions): SkyMachine {
  const { sky, settings, studyFolder, tell, openShell, patience = usualPatience } = options;
  const idle = settings.idle ?? idleMinutes;
  let held: Held | undefined;
  let noted: string | undefined;
  let why = 'no machine was asked for yet';
  let toldReason: string | undefined;
  let failure: unknown;
  let bringing: Promise<void> | undefined;
  let retryAt = 0;
  let pauseSeconds = patience.first;
  let isOver = false;

  async function bringUp(): Promise<void> {
    if (isOver) return;
    const name = (await readRented(studyFolder, engineName))?.name ?? nameFor(studyFolder);
    noted = name;
    await writeRented(studyFolder, engineName, { name, since: new Date().toISOString() });
    const known = await sky.find(name, true);
    const cluster = isUp(known) ? known : await launch(name, known);
    if (!cluster) return;
    if (!(await deletesItself(cluster))) {
      await end(name);
      throw new SettingsError(
        `SkyPilot cannot make the machine ${name} delete itself when it is idle, so it was given back.`,
        {
          hint: 'Clouds differ in this: choose another with `skypilot: { infra: … }`. An allocation on Slurm has no such end.',
        },
      );
    }
    const shell = await openShell(name);
    await shell.put({ file: packagePath('src', 'python', 'away_job.py') }, 'away_job.py');
    pauseSeconds = patience.first;
    toldReason = undefined;
    held = { name, hash: cluster.hash, shell };
    tell(`The machine ${name} is up; it deletes itself after ${idle} idle minutes.`);
  }

  async function launch(name: string, known: SkyCluster | undefined): Promise<SkyCluster | undefined> {
    // One that is half there would be taken up again with what is wrong with it.
    if (known) await sky.giveBack(name);
    why = 'the machine is being launched';
    tell(`SkyPilot is asked for a machine, ${name}; that takes minutes.`);
    const task = await writeTask(studyFolder, settings, (await readOffer(studyFolder))?.usd);
    const launched = await sky.launch(name, task, idle);
    if (launched.kind === 'up') return sky.find(name, false);
    if (isOver) return undefined;
    // sky keeps what it could not bring up, for a look at it.
    await sky.giveBack(name);
    wait(
      launched.kind === 'refused'
        ? `SkyPilot gets no machine: ${launched.why}`
        : `SkyPilot could not launch it: ${launched.why}`,
    );
    return undefined;
  }

  async function deletesItself(cluster: SkyCluster): Promise<boolean> {
    if (cluster.isDeleted && cluster.autostop >= 0) return true;
    if (!(await sky.setAutodown(cluster.name, idle))) return false;
    const after = await sky.find(cluster.name, false);
    return after?.isDeleted === true && after.autostop >= 0;
  }

  function wait(reason: string): void {
    if (reason !== toldReason) tell(`${reason.replace(/\.$/, '')}. It is tried again.`);
    why = toldReason = reason;
    retryAt = performance.now() + pauseSeconds * 1000;
    pauseSeconds = Math.min(patience.most, pauseSeconds * 2);
  }

  async function giveBack(): Promise<void> {
    await closeShell();
    const name = noted ?? (await readRented(studyFolder, engineName))?.name;
    if (name === undefined) return;
    if (bringing) {
      // The request goes on at the server whatever becomes of the command: it is ended there, and the command ends with it.
      await sky.giveBack(name);
      await bringing;
      await closeShell();
    }
    await end(name);
  }

  async function end(name: string): Promise<void> {
    await sky.giveBack(name);
    await forgetRented(studyFolder, engineName);
    noted = undefined;
  }

  async function closeShell(): Promise<void> {
    const shell = held?.shell;
    held = undefined;
    await shell?.close();
  }

  return {
    need: () => {
      if (failure !== undefined) {
        const thrown = failure;
        failure = undefined;
        throw thrown;
      }
      if (held) return { kind: 'up', held };
      if (!bringing && !isOver && performance.now() >= retryAt) {
        bringing = bringUp()
          .catch((error: unknown) => {
            if (error instanceof SkyTrouble) wait(`SkyPilot does not answer: ${error.message}`);
            else if (error instanceof NoAnswer)
              wait(`The machine ${noted} is up and does not answer: ${error.message}`);
            else failure = error;
          })
          .finally(() => {
            bringing = undefined;
          });
      }
      return { kind: 'waiting', why };
    },
    held: () => held,
    endLeftover: async () => {
      if (held || bringing) return false;
      await giveBack();
      return true;
    },
    hasVanished: async (asked) => {
      if (held?.hash !== asked.hash) return true;
      const found = await sky.find(asked.name, true);
      if (found?.hash === asked.hash && found.status === 'UP') return false;
      await asked.shell.close();
      if (held?.hash === asked.hash) held = undefined;
      why = 'the machine vanished';
      return true;
    },
    giveBack: async () => {
      isOver = true;
      await giveBack();
    },
    abandon: () => {
      isOver = true;
      if (noted !== undefined) sky.giveBackLater(noted);
    },
  };
}

function isUp(cluster: SkyCluster | undefined): cluster is SkyCluster {
  return cluster?.status === 'UP';
}

/** Short, for clouds bound names; the random part tells studies of one tag apart. */
function nameFor(studyFolder: string): string {
  const tag = basename(studyFolder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return ['nocturne', ...(tag === '' ? [] : [tag.slice(0, 16).replace(/-$/, '')]), randomBytes(3).toString('hex')].join(
    '-',
  );
}

/** Writes the task file of the study's machine; its path. */
export async function writeTask(studyFolder: string, settings: SkySettings, shownUsd?: number): Promise<string> {
  await mkdir(studyFolder, { recursive: true });
  const path = join(studyFolder, 'skypilot-task.yaml');
  await writeWhole(
    path,
    taskOf(settings, settings.max_usd ?? (shownUsd === undefined ? undefined : boundOf(shownUsd))),
  );
  return path;
}

const offerSchema = z.object({ usd: z.number().positive().optional() });

/** Remembers the price that was shown: no machine is rented for more. */
export async function writeOffer(studyFolder: string, { usd }: SkyChoice): Promise<void> {
  await writeWhole(offerPath(studyFolder), JSON.stringify({ usd }));
}

async function readOffer(studyFolder: string) {
  return contentOf(await readJson(offerPath(studyFolder), offerSchema));
}

function offerPath(studyFolder: string): string {
  return join(studyFolder, 'skypilot-offer.json');
}
