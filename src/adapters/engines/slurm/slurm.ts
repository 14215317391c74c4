/**
 * Runs jobs on a Slurm cluster: in place on a machine that shares its files, or over ssh with all that they need.
 */
import { join } from 'node:path';
import type { Brief } from '../../../core/brief/brief.ts';
import type { Engine } from '../../../ports/engine.ts';
import type { EngineRoom } from '../engine-room.ts';
import { createAwayEngine, type Pace } from '../travel/away-engine.ts';
import { createInPlaceGround } from '../travel/in-place.ts';
import { createPacker } from '../travel/parcel.ts';
import { createSsh } from '../travel/ssh.ts';
import { sshTransport } from '../travel/ssh-transport.ts';
import { createTravellingGround } from '../travel/travelling.ts';
import { localCommands, sshCommands } from './commands.ts';
import { createSlurm } from './scheduler.ts';
import { slurmRoom } from './slurm-room.ts';

export interface SlurmEngineOptions {
  /** Absolute path of the python that runs use here. */
  readonly python: string;
  readonly brief: Pick<Brief, 'slurm' | 'env' | 'link' | 'metric' | 'gpus'>;
  /** Absolute `runs/<tag>`, the top level of the owner's repository, and the sandbox in it. */
  readonly studyFolder: string;
  readonly root: string;
  readonly userSandbox: string;
  readonly slots: number;
  readonly tell: (message: string) => void;
  readonly pace?: Partial<Pace> & { readonly askEvery?: number; readonly lookEvery?: number };
  /** Further options of `ssh`. */
  readonly sshOptions?: readonly string[];
}

/** The engine of the cluster whose commands are on this machine, or on the host that the brief names. */
export function createSlurmEngine(options: SlurmEngineOptions): Engine {
  return options.brief.slurm?.host === undefined ? onSharedFiles(options) : overSsh(options, options.brief.slurm.host);
}

/** How many runs the cluster could start now beside those in flight; see `slurmRoom`. */
export async function roomOfSlurm(
  options: Pick<SlurmEngineOptions, 'brief' | 'sshOptions'> & { readonly inFlight: number },
): Promise<EngineRoom> {
  const { host } = options.brief.slurm ?? {};
  if (host === undefined) return slurmRoom(localCommands(process.env), settingsOf(options), options.inFlight);
  const ssh = createSsh({ host, options: options.sshOptions });
  try {
    return await slurmRoom(sshCommands(ssh), settingsOf(options), options.inFlight);
  } finally {
    await ssh.close();
  }
}

function onSharedFiles(options: SlurmEngineOptions): Engine {
  const { python, brief, slots, tell, pace } = options;
  const scheduler = createSlurm({
    run: localCommands(process.env),
    settings: settingsOf(options),
    logOf: async (job) => join(job.folder, 'supervisor.log'),
    askEvery: pace?.askEvery,
  });
  return createAwayEngine({ scheduler, ground: createInPlaceGround({ python, brief }), slots, tell, pace });
}

function overSsh(options: SlurmEngineOptions, host: string): Engine {
  const { python, brief, slots, tell, pace, sshOptions } = options;
  const ssh = createSsh({ host, options: sshOptions });
  const transport = sshTransport(ssh, { folder: brief.slurm?.folder, python: brief.slurm?.python });
  const packer = createPacker(options);
  const scheduler = createSlurm({
    run: sshCommands(ssh),
    settings: settingsOf(options),
    logOf: async (job) => `${await transport.root()}/orders/${await packer.ordersName(job)}.log`,
    askEvery: pace?.askEvery,
  });
  const ground = createTravellingGround({ packer, transport, python, lookEvery: pace?.lookEvery });
  return { ...createAwayEngine({ scheduler, ground, slots, tell, pace }), close: ssh.close };
}

/** GPUs of a run are asked for as the brief has them for every engine, unless it says otherwise for Slurm. */
function settingsOf({ brief }: Pick<SlurmEngineOptions, 'brief'>) {
  return { ...(brief.gpus === undefined ? {} : { gpus: brief.gpus }), ...brief.slurm };
}
