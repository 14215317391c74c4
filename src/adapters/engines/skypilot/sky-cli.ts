/**
 * Calls `sky`, SkyPilot's own command. It asks an API server, which goes on with a request when the command that made it was killed.
 */
import { execa, type Options } from 'execa';
import { SettingsError } from '../../../core/base/errors.ts';
import { runningCommands } from '../running-commands.ts';
import {
  chosenIn,
  clustersIn,
  isRefusal,
  jobsIn,
  launchesIn,
  type SkyChoice,
  type SkyCluster,
  type SkyJob,
  submittedIn,
  whyNot,
  whyRefused,
} from './sky-texts.ts';

/** sky itself could not be asked, or did not answer as it should: to be tried again. */
export class SkyTrouble extends Error {}

/** There is no machine of this name: what was asked of it was not done. */
export class NoMachine extends SkyTrouble {}

export type Launched = { readonly kind: 'up' } | { readonly kind: 'refused' | 'failed'; readonly why: string };

export interface Sky {
  /** What would be rented, and its price. A SettingsError says why nothing would. */
  readonly choose: (taskFile: string) => Promise<SkyChoice>;
  /** Rents a machine under this name, which deletes itself after idle minutes; returns when it is up or was refused. */
  readonly launch: (name: string, taskFile: string, idle: number) => Promise<Launched>;
  /** Sets again that the machine deletes itself. */
  readonly setAutodown: (name: string, idle: number) => Promise<boolean>;
  /** What is there under this name, as the cloud itself says where `isFresh`; also makes its ssh configuration. */
  readonly find: (name: string, isFresh: boolean) => Promise<SkyCluster | undefined>;
  /** Submits a command to the machine's own queue; its number there. */
  readonly exec: (name: string, job: string, gpus: string | undefined, command: string) => Promise<number>;
  readonly jobs: (name: string) => Promise<readonly SkyJob[]>;
  readonly cancel: (name: string, job: number) => Promise<void>;
  /** The last lines of what a job printed. */
  readonly logEnd: (name: string, job: number) => Promise<string>;
  /** Gives it back: ends a launch that is under way, deletes the machine, and asks whether it is gone. Throws SkyTrouble where it may not be. */
  readonly giveBack: (name: string) => Promise<void>;
  /** The same in a process that outlives this one, without an answer. */
  readonly giveBackLater: (name: string) => void;
}

/** Seconds after which a call counts as hung; a launch may take long. */
const callSeconds = 300;
const launchSeconds = 3600;

/** The `sky` that the PATH names. */
export function createSky(environment: NodeJS.ProcessEnv = process.env): Sky {
  async function call(args: readonly string[], seconds = callSeconds): Promise<{ isOk: boolean; text: string }> {
    const { failed, all, code, timedOut } = await execa('sky', args, {
      ...options(environment),
      timeout: seconds * 1000,
    });
    if (code === 'ENOENT') throw noSky();
    if (timedOut) throw new SkyTrouble(`sky ${args[0]} did not answer within ${seconds} s`);
    return { isOk: !failed, text: all };
  }

  async function find(name: string, isFresh: boolean): Promise<SkyCluster | undefined> {
    const { text } = await call(['status', '-o', 'json', ...(isFresh ? ['--refresh'] : []), name]);
    const found = clustersIn(text);
    if (found) return found.find((cluster) => cluster.name === name);
    if (saysNone(text, name)) return undefined;
    throw new SkyTrouble(whyNot(text));
  }

  return {
    find,
    choose: async (taskFile) => {
      const { isOk, text } = await call(['launch', '--dryrun', '-y', '-c', 'nocturne-dryrun', taskFile]);
      const choice = isOk ? chosenIn(text) : undefined;
      if (choice) return choice;
      throw new SettingsError(`SkyPilot finds no machine as \`skypilot:\` wants it: ${whyNot(text)}`, {
        hint: 'Look with `sky check` which clouds are open to you, and with `sky gpus list` what they have.',
      });
    },
    launch: async (name, taskFile, idle) => {
      const args = ['launch', '-y', '-d', '-c', name, '-i', String(idle), '--down', '--wait-for', 'jobs', taskFile];
      const { isOk, text } = await call(args, launchSeconds);
      if (isOk) return { kind: 'up' };
      return isRefusal(text) ? { kind: 'refused', why: whyRefused(text) } : { kind: 'failed', why: whyNot(text) };
    },
    setAutodown: async (name, idle) =>
      (await call(['autostop', '-y', '-i', String(idle), '--down', '--wait-for', 'jobs', name])).isOk,
    exec: async (name, job, gpus, command) => {
      const wanted = gpus === undefined ? [] : ['--gpus', gpus];
      const { isOk, text } = await call(['exec', '-d', '-n', job, ...wanted, name, command]);
      const id = submittedIn(text);
      if (isOk && id !== undefined) return id;
      throw new (/ClusterDoesNotExist|ClusterNotUpError/.test(text) ? NoMachine : SkyTrouble)(whyNot(text));
    },
    jobs: async (name) => {
      const { text } = await call(['queue', '-o', 'json', name]);
      const jobs = jobsIn(text, name);
      if (!jobs) throw new SkyTrouble(whyNot(text));
      return jobs;
    },
    cancel: async (name, job) => void (await call(['cancel', '-y', name, String(job)])),
    logEnd: async (name, job) => (await call(['logs', '--no-follow', '--tail', '20', name, String(job)])).text,
    giveBack: async (name) => {
      await endLaunching(name);
      const { text } = await call(['api', 'status', '-o', 'json', '-c', name]);
      const launches = launchesIn(text);
      if (!launches) throw new SkyTrouble(whyNot(text));
      if (launches.length > 0) await call(['api', 'cancel', ...launches]);
      const down = await call(['down', '-y', name], launchSeconds);
      const left = await find(name, false);
      if (left) throw new SkyTrouble(`it is ${left.status} still; \`sky down\` says: ${whyNot(down.text)}`);
    },
    giveBackLater: (name) => {
      execa('sky', ['down', '-y', name], {
        ...options(environment),
        all: false,
        stdio: 'ignore',
        detached: true,
        cleanup: false,
      }).unref();
    },
  };
}

function options(environment: NodeJS.ProcessEnv) {
  return {
    env: { ...environment, NO_COLOR: '1', COLUMNS: '400' },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    all: true,
    // A signal to our process group is no wish to end what sky is about to do.
    detached: true,
  } as const satisfies Options;
}

/** Ends commands that launch it, such as one of a controller that was killed: they may not have reached the server yet. */
async function endLaunching(name: string): Promise<void> {
  for (const { pid, text } of await runningCommands()) {
    if (!/\bsky launch /.test(text) || !text.includes(` -c ${name} `)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }
}

function saysNone(text: string, name: string): boolean {
  return text.includes(name) && /not found|does not exist|No existing clusters|No cluster/i.test(text);
}

function noSky(): SettingsError {
  return new SettingsError('There is no `sky` on the PATH, which engine: skypilot drives.', {
    hint: 'Install SkyPilot for your cloud, such as `uv tool install "skypilot[aws]"`, and see `sky check`.',
  });
}
